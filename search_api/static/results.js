// Asks where the rows on screen can be had, and no others, and fills the room kept for it in each: nothing else moves.
// What was found is read out once. Without this script a link on the page brings the same with the page.
const rows = document.querySelector('ol.rows[data-asks]')
if (rows && 'EventSource' in window && 'IntersectionObserver' in window) {
  const GATHERING = 200 // milliseconds: rows that scroll by together are asked about together
  const AT_ONCE = 20
  const MOST_SEEN = 50
  const said = document.getElementById('now')
  const sentence = document.querySelector('#asked span')
  const again = document.querySelector('#asked a')
  const comma = rows.dataset.comma
  const waiting = []
  const seen = []
  let timer = 0
  let asking = false
  let told = false

  const put = (row, { can, rest, spines, states }) => {
    row.querySelector('.can').textContent = can && comma + can
    row.querySelector('.rest-of').textContent = rest && comma + rest
    row.querySelectorAll('.shelf i').forEach((spine, place) => (spine.className = spines[place]))
    for (const holder of row.querySelectorAll('[data-library]')) {
      const html = states[holder.dataset.library]
      if (html) holder.querySelector('.st').outerHTML = html
    }
  }

  const ask = () => {
    timer = 0
    if (asking || !waiting.length) return
    asking = true
    const mine = new Map(waiting.splice(0, AT_ONCE).map((row) => [row.dataset.edition, row]))
    const asked = `ids=${[...mine.keys()].join(',')}&seen=${seen.slice(-MOST_SEEN).join(',')}`
    const source = new EventSource(`${rows.dataset.asks}&${asked}`)
    const end = () => {
      source.close()
      seen.push(...mine.keys())
      asking = false
      ask()
    }
    source.addEventListener('row', (event) => {
      const found = JSON.parse(event.data)
      const row = mine.get(found.edition)
      if (row) put(row, found)
    })
    source.addEventListener('asked', (event) => {
      sentence.textContent = JSON.parse(event.data).words
      again.textContent = again.dataset.again
    })
    source.addEventListener('done', (event) => {
      if (!told && !waiting.length) {
        said.textContent = JSON.parse(event.data).words // said once, of how many: other rows are asked when they are scrolled to
        told = true
      }
      end()
    })
    source.addEventListener('error', end)
  }

  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue
      observer.unobserve(entry.target)
      waiting.push(entry.target)
    }
    if (waiting.length && !timer) timer = setTimeout(ask, GATHERING)
  })
  for (const row of rows.querySelectorAll('.have[data-edition]')) observer.observe(row)
}
