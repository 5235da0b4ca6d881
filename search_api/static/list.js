// The list: editions put aside in this browser, without an account. Without this script "add" leads to the page of the
// list with that edition in its address, and the address alone is the list.
const KEY = 'allshelves-list'
const MOST = 200
const header = document.querySelector('[data-list]')
const words = header?.dataset ?? {}
const said = document.createElement('p')
said.className = 'said'
said.setAttribute('role', 'status')

const read = () => {
  try {
    const ids = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : []
  } catch {
    return [] // no room, forbidden, or not ours: the address of the list still works
  }
}

const write = (ids) => {
  try {
    localStorage.setItem(KEY, JSON.stringify([...new Set(ids)].slice(0, MOST)))
  } catch {
    return
  }
  show()
}

const show = () => {
  const ids = read()
  const count = header?.querySelector('[data-list-count]')
  if (count) {
    count.textContent = ids.length ? String(ids.length) : ''
    const base = header.getAttribute('href').split('?')[0]
    header.setAttribute('href', ids.length ? `${base}?ids=${ids.join(',')}` : base)
  }
  for (const button of document.querySelectorAll('button[data-keep]')) {
    const on = ids.includes(button.dataset.keep)
    button.setAttribute('aria-pressed', String(on))
    button.querySelector('span').textContent = on ? words.added : words.add
  }
}

const toggle = (button) => {
  const ids = read()
  const on = ids.includes(button.dataset.keep)
  write(on ? ids.filter((id) => id !== button.dataset.keep) : [...ids, button.dataset.keep])
  said.textContent = on ? words.saidRemoved : words.saidAdded
}

// Links become buttons: what they do now changes this page and leads nowhere.
for (const link of document.querySelectorAll('a[data-keep]')) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = link.className
  Object.assign(button.dataset, link.dataset)
  if (link.hasAttribute('aria-describedby')) button.setAttribute('aria-describedby', link.getAttribute('aria-describedby'))
  button.append(...link.childNodes)
  link.replaceWith(button)
  button.addEventListener('click', () => toggle(button))
}

// The page of the list: without ids in its address it goes on to what is kept here.
const page = document.querySelector('[data-list-page]')
if (page) {
  const here = page.dataset.listPage ? page.dataset.listPage.split(',') : []
  const kept = read()
  if (!here.length && kept.length) location.replace(`?ids=${kept.join(',')}`)
  const moved = JSON.parse(page.dataset.moved || '{}')
  if (kept.some((id) => id in moved)) write(kept.map((id) => moved[id] ?? id))
  const gone = (page.dataset.gone || '').split(',')
  if (kept.some((id) => gone.includes(id))) write(read().filter((id) => !gone.includes(id)))
  const same = here.length === read().length && here.every((id) => read().includes(id))
  for (const one of page.querySelectorAll('[data-list-action]')) {
    const action = one.dataset.listAction
    if (action === 'keep') one.hidden = same || !here.length
    else one.hidden = false
    one.addEventListener('click', () => {
      if (action === 'print') window.print()
      else if (action === 'keep') {
        write([...read(), ...here])
        one.hidden = true
        said.textContent = one.dataset.said
      }
    })
  }
  for (const leaves of page.querySelectorAll('[data-remove]')) {
    leaves.addEventListener('click', () => write(read().filter((id) => id !== leaves.dataset.remove)))
  }
  page.querySelector('[data-without-script]')?.remove()
  page.querySelector('[data-clear]')?.addEventListener('click', () => write([]))
}

// Addresses are copied where the browser lets us.
for (const one of document.querySelectorAll('[data-copy]')) {
  if (!navigator.clipboard) break
  one.hidden = false
  one.addEventListener('click', async () => {
    await navigator.clipboard.writeText(one.dataset.copy)
    said.textContent = one.dataset.said
  })
}

document.body.append(said)
show()
addEventListener('storage', show)
addEventListener('pageshow', show)
