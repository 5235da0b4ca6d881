// Suggests titles, creators and subjects while one types in the search box. Without this script the box works as ever.
// The pattern is ARIA's combobox with a listbox: the focus stays in the box, arrows walk, Enter goes, Escape closes.
// While an input method composes (Zhuyin, Pinyin, kana, Hangul) its keys are its own, and nothing is asked.
const WAIT = 120 // milliseconds after the last letter
const KINDS = { titles: ['q', 'title'], creators: ['q', 'creator'], subjects: ['q', 'subject'] } // the fields they are for

function element(name, attributes, text = '') {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.textContent = text
  return made
}

function suggest(form) {
  const box = form.elements.q
  const field = form.elements.in
  const words = form.dataset
  const list = element('div', { role: 'listbox', id: 'suggestions', class: 'suggestions', 'aria-label': words.label })
  const said = element('p', { role: 'status', class: 'said' })
  list.hidden = true
  form.append(list, said)
  const roles = { role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id }
  for (const [key, value] of Object.entries({ ...roles, autocomplete: 'off' })) box.setAttribute(key, value)

  let options = []
  let chosen = -1
  let timer = 0
  let asking = new AbortController()
  let composing = false

  function choose(next) {
    if (options[chosen]) options[chosen].setAttribute('aria-selected', 'false')
    chosen = next
    const option = options[chosen]
    if (!option) return box.removeAttribute('aria-activedescendant')
    option.setAttribute('aria-selected', 'true')
    option.scrollIntoView({ block: 'nearest' })
    box.setAttribute('aria-activedescendant', option.id)
  }

  function close() {
    clearTimeout(timer)
    asking.abort()
    list.hidden = true
    list.replaceChildren()
    options = []
    choose(-1)
    said.textContent = ''
    box.setAttribute('aria-expanded', 'false')
  }

  // The API's address says which search finds it; the page has the same search under the form's own address.
  function option(one) {
    const made = element('div', { role: 'option', id: `suggestion-${options.length}`, 'aria-selected': 'false' })
    made.append(element('span', {}, one.title ?? one.name), ' ', element('small', {}, one.creator ?? String(one.count)))
    made.dataset.url = form.action + new URL(one.url, location.href).search
    options.push(made)
    return made
  }

  function show(found) {
    list.replaceChildren()
    options = []
    choose(-1)
    for (const [kind, fields] of Object.entries(KINDS)) {
      if (!found[kind].length || !fields.includes(field.value)) continue
      const group = element('div', { role: 'group', 'aria-labelledby': `suggested-${kind}` })
      group.append(element('p', { id: `suggested-${kind}`, role: 'presentation' }, words[kind]), ...found[kind].map(option))
      list.append(group)
    }
    list.hidden = !options.length
    box.setAttribute('aria-expanded', String(!list.hidden))
    said.textContent = options.length ? words.count.replace('{n}', options.length) : ''
  }

  async function ask() {
    asking.abort()
    const mine = (asking = new AbortController())
    const typed = box.value.trim()
    if (!typed || typed.length > 200) return close()
    try {
      const answer = await fetch(`/api/suggest?${new URLSearchParams({ q: typed, size: 5 })}`, { signal: mine.signal })
      const found = answer.ok ? await answer.json() : null
      if (mine.signal.aborted) return
      if (found && document.activeElement === box) show(found)
      else close()
    } catch (error) {
      if (error.name !== 'AbortError') close() // without an answer there is nothing to suggest; the search still works
    }
  }

  function later() {
    clearTimeout(timer)
    if (!composing) timer = setTimeout(ask, WAIT)
  }

  box.addEventListener('compositionstart', () => {
    composing = true
    close()
  })
  box.addEventListener('compositionend', () => {
    composing = false
    later()
  })
  box.addEventListener('input', later)
  box.addEventListener('blur', close)
  box.addEventListener('keydown', (event) => {
    if (event.isComposing || event.keyCode === 229) return // the input method's own
    if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault() // once to close; the browser's own Escape empties the box
      close()
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      if (list.hidden) return void ask()
      const places = options.length + 1 // one of them is the box itself
      const step = event.key === 'ArrowDown' ? 1 : -1
      choose(((chosen + 1 + step + places) % places) - 1)
    } else if (event.key === 'Enter' && options[chosen]) {
      event.preventDefault()
      location.assign(options[chosen].dataset.url)
    }
  })
  field.addEventListener('change', close)
  list.addEventListener('pointerdown', (event) => event.preventDefault()) // the focus stays in the box
  list.addEventListener('click', (event) => {
    const clicked = event.target.closest('[role=option]')
    if (clicked) location.assign(clicked.dataset.url)
  })
}

const form = document.querySelector('form.find[data-label]')
if (form) suggest(form)
