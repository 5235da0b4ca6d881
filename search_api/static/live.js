// Fills in each library's copies as its system answers. Without this script the page says the same, one reload later.
// Only the places kept for it change; the summary is read out once, at the end.
const answer = document.querySelector('#answer[data-live]')
if (answer && 'EventSource' in window) {
  const source = new EventSource(answer.dataset.live)
  answer.setAttribute('aria-live', 'off')
  source.addEventListener('answer', (event) => {
    const { library, html } = JSON.parse(event.data)
    const place = document.getElementById(`at-${library}`)
    if (place) place.innerHTML = html
  })
  source.addEventListener('summary', (event) => {
    const { html, done } = JSON.parse(event.data)
    if (done) {
      source.close()
      answer.setAttribute('aria-live', 'polite')
      answer.dataset.done = 'true'
    }
    answer.innerHTML = html
  })
  source.addEventListener('error', () => {
    // The connection broke: what had not answered by then could not be asked, and must not stay "asking" for ever.
    source.close()
    const badge = document.getElementById('unanswered').content.firstElementChild
    for (const asking of document.querySelectorAll('#holdings .st.asking')) asking.replaceWith(badge.cloneNode(true))
  })
}
