// Fills in each library's copies as its system answers. Without this script the page says the same, one reload later.
// Only the places kept for it change; the summary is read out once, at the end.
const answer = document.querySelector('#answer[data-live]')
if (answer && 'EventSource' in window) {
  const source = new EventSource(answer.dataset.live)
  let broken = document.getElementById('broken').innerHTML
  answer.setAttribute('aria-live', 'off')
  const say = (html) => {
    answer.setAttribute('aria-live', 'polite')
    answer.dataset.done = 'true'
    answer.innerHTML = html
  }
  source.addEventListener('answer', (event) => {
    const { library, html } = JSON.parse(event.data)
    const place = document.getElementById(`at-${library}`)
    if (place) place.innerHTML = html
  })
  source.addEventListener('summary', (event) => {
    const told = JSON.parse(event.data)
    if (told.done) {
      source.close()
      say(told.html)
    } else {
      broken = told.broken
      answer.innerHTML = told.html
    }
  })
  source.addEventListener('error', () => {
    // The connection broke: what had not answered by then could not be asked. Neither its badge nor the sentence over
    // all, which is read out now, may say "asking" for ever.
    source.close()
    const badge = document.getElementById('unanswered').content.firstElementChild
    for (const asking of document.querySelectorAll('#holdings .st.asking')) asking.replaceWith(badge.cloneNode(true))
    say(broken)
  })
}
