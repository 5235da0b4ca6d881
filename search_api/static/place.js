// Remembers in this browser which libraries are mine, whose cards I have and near which place I look, and puts them into
// every search that is begun here. Nothing is sent anywhere but in the address of a search. Without this script they
// stand in the address alone, and go with it.
const KEY = 'allshelves-place'
const KEPT = ['mine', 'card', 'near']

const read = () => {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    return found && typeof found === 'object' ? found : {}
  } catch {
    return {} // forbidden, or not ours
  }
}

const write = (found) => {
  try {
    localStorage.setItem(KEY, JSON.stringify(found))
  } catch {
    // kept in the address alone
  }
}

const known = read()
for (const form of document.querySelectorAll('.facets form')) {
  const name = KEPT.find((one) => form.querySelector(`[name="${one}"]:not([type=hidden])`))
  if (!name) continue
  form.addEventListener('submit', () => {
    const values = new FormData(form).getAll(name).filter(Boolean)
    write({ ...read(), [name]: values })
  })
}

// The place looked near last is offered again; it counts when one looks.
const near = document.querySelector('select[name=near]')
if (near && !near.value && known.near?.[0]) near.value = known.near[0]
if (near && near.selectedIndex < 0) near.selectedIndex = 0

// My libraries come first in what is searched for from here.
const here = new URLSearchParams(location.search).getAll('mine')
const mine = here.length ? here : (known.mine ?? [])
for (const form of document.querySelectorAll('form.find')) {
  for (const code of mine) {
    const input = document.createElement('input')
    Object.assign(input, { type: 'hidden', name: 'mine', value: String(code).slice(0, 64) })
    form.append(input)
  }
}

// An edition opened from here shows them first, too.
for (const link of document.querySelectorAll('main a[href*="/editions/"]:not([data-permanent])')) {
  if (!/\/editions\/[a-z0-9]+$/.test(link.pathname) || link.search || !mine.length) continue
  link.search = new URLSearchParams(mine.map((code) => ['mine', String(code).slice(0, 64)]))
}
