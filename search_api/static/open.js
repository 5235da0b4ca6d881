// What opens over the page closes again: with Escape, which leads back to what opened it, and the menu of languages with
// a click elsewhere. Without this script the menu closes by its own button, the filters by theirs.
const languages = document.querySelector('.langs')
const filters = document.getElementById('facets')
const behind = '.skip, .top, .foot, #results, .sumup'
let opener = null

addEventListener('click', (event) => {
  if (languages?.open && !languages.contains(event.target)) languages.open = false
})
languages?.addEventListener('focusout', (event) => {
  if (event.relatedTarget && !languages.contains(event.relatedTarget)) languages.open = false
})

// The filters cover a small screen while the address names them: what lies behind cannot be reached.
const cover = () => {
  const open = Boolean(filters?.matches(':target')) && getComputedStyle(filters).position === 'fixed'
  for (const one of document.querySelectorAll(behind)) one.inert = open
  if (open && !opener) {
    filters.querySelector('a, button')?.focus()
    opener = document.querySelector('.open-facets')
  } else if (!open && opener) {
    opener.focus()
    opener = null
  }
}
if (filters) {
  addEventListener('hashchange', cover)
  addEventListener('resize', cover)
  cover()
}

addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return
  if (languages?.open) {
    languages.open = false
    languages.querySelector('summary').focus()
  } else if (opener) location.hash = 'results'
})
