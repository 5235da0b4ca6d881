// A report that is being checked: how far it is, without loading the page anew; then the report itself.
const box = document.querySelector('[data-poll]')
const bar = box?.querySelector('progress')
const numbers = new Intl.NumberFormat(document.documentElement.lang)

async function look() {
  let wait = 1000
  try {
    const answer = await fetch(box.dataset.poll, { headers: { Accept: 'application/json' } })
    if (!answer.ok) throw new Error(String(answer.status))
    const { report } = await answer.json()
    if (report.state === 'done' || report.state === 'refused') {
      location.reload()
      return
    }
    if (report.lines) {
      bar.max = report.lines
      bar.value = report.checked
      document.getElementById('lines').textContent = numbers.format(report.lines)
    }
    document.getElementById('checked').textContent = numbers.format(report.checked)
  } catch {
    wait = 5000 // the server is being started anew, perhaps: it goes on with the report
  }
  setTimeout(look, wait)
}

if (bar) look()
