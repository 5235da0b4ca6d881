// Asks where the rows on screen can be had, and no others, and fills the line kept for it in each: nothing else moves.
// What was found is read out once. Without this script a link on the page brings the same with the page.
const rows = document.querySelector('ol.rows[data-asks]')
if (rows && 'EventSource' in window && 'IntersectionObserver' in window) {
  const GATHERING = 200 // milliseconds: rows that scroll by together are asked about together
  const AT_ONCE = 20
  const said = document.getElementById('now')
  const waiting = []
  let timer = 0
  let asking = false
  let told = false

  const ask = () => {
    timer = 0
    if (asking || !waiting.length) return
    asking = true
    const lines = new Map(waiting.splice(0, AT_ONCE).map((line) => [line.dataset.edition, line]))
    const source = new EventSource(`${rows.dataset.asks}?ids=${[...lines.keys()].join(',')}`)
    const end = () => {
      source.close()
      asking = false
      ask()
    }
    source.addEventListener('row', (event) => {
      const { edition, words } = JSON.parse(event.data)
      const line = lines.get(edition)
      if (line) line.textContent = words
    })
    source.addEventListener('done', (event) => {
      if (!told) said.textContent = JSON.parse(event.data).words
      told = true
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
  for (const line of rows.querySelectorAll('.now[data-edition]')) observer.observe(line)
}
