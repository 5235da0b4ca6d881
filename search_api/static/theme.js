// Puts the theme a reader has chosen in place before anything is painted, and lets them choose: light, dark, or as the
// system says. Loaded without `defer`, or a dark page would flash white first. Without it the system's setting holds.
{
  const KEY = 'theme'
  const root = document.documentElement
  const read = () => {
    try {
      return localStorage.getItem(KEY) ?? ''
    } catch {
      return '' // storage is forbidden: the system's setting holds
    }
  }
  const apply = (theme) => {
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme
    else delete root.dataset.theme
  }
  apply(read())
  addEventListener('storage', (event) => event.key === KEY && apply(event.newValue))
  addEventListener('DOMContentLoaded', () => {
    const group = document.querySelector('.theme')
    if (!group) return
    const buttons = [...group.querySelectorAll('button')]
    const show = (theme) => {
      for (const button of buttons) button.setAttribute('aria-pressed', String(button.value === theme))
    }
    show(root.dataset.theme ?? '')
    group.hidden = false
    group.addEventListener('click', (event) => {
      const button = event.target.closest('button')
      if (!button) return
      apply(button.value)
      show(button.value)
      try {
        if (button.value) localStorage.setItem(KEY, button.value)
        else localStorage.removeItem(KEY)
      } catch {
        // kept for this page only
      }
    })
  })
}
