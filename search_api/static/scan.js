// Reads the ISBN on the back of a book with the camera and searches for it, where the browser can read barcodes itself.
// Elsewhere there is no button. No picture leaves the device; the camera runs only while the button is pressed.
const EVERY = 150 // milliseconds between looks
const isIsbn = (text) => {
  if (!/^97[89]\d{10}$/.test(text)) return false
  const sum = [...text].reduce((total, digit, place) => total + Number(digit) * (place % 2 ? 3 : 1), 0)
  return sum % 10 === 0
}

const offer = (form, detector) => {
  const { scan, scanAim, scanStop, scanDenied, scanIcon } = form.dataset
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'scan'
  button.title = scan
  button.setAttribute('aria-label', scan)
  button.setAttribute('aria-pressed', 'false')
  const icon = document.querySelector('.find button .icon')?.cloneNode(true)
  if (icon) {
    icon.firstElementChild.setAttribute('href', scanIcon)
    button.append(icon)
  }
  form.querySelector('input[name=q]').after(button)

  let stream = null
  let panel = null
  const stop = () => {
    for (const track of stream?.getTracks() ?? []) track.stop()
    stream = null
    panel?.remove()
    panel = null
    button.setAttribute('aria-pressed', 'false')
  }
  const look = async (video) => {
    if (!stream) return
    const found = video.readyState >= 2 ? await detector.detect(video).catch(() => []) : []
    const isbn = found.map((code) => code.rawValue).find(isIsbn)
    if (!isbn) return setTimeout(look, EVERY, video)
    stop()
    form.querySelector('input[name=q]').value = isbn
    form.querySelector('select[name=in]').value = 'q'
    form.requestSubmit()
  }
  button.addEventListener('click', async () => {
    if (panel) return stop()
    const mine = document.createElement('div')
    panel = mine
    panel.className = 'scanner wrap'
    const words = document.createElement('p')
    words.setAttribute('role', 'status')
    panel.append(words)
    const above = form.closest('.top') ?? form
    above.after(panel)
    button.setAttribute('aria-pressed', 'true')
    let given
    try {
      given = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
    } catch {
      words.textContent = scanDenied
      return
    }
    if (panel !== mine) {
      // Pressed again while the reader was being asked: the camera must not stay on behind a closed panel.
      for (const track of given.getTracks()) track.stop()
      return
    }
    stream = given
    const video = document.createElement('video')
    video.muted = true
    video.playsInline = true
    video.srcObject = stream
    const end = document.createElement('button')
    end.type = 'button'
    end.className = 'button'
    end.textContent = scanStop
    end.addEventListener('click', () => {
      stop()
      button.focus()
    })
    words.textContent = scanAim
    panel.prepend(video)
    panel.append(end)
    await video.play()
    look(video)
  })
  addEventListener('pagehide', stop)
}

if ('BarcodeDetector' in window && navigator.mediaDevices?.getUserMedia) {
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => [])
  if (formats.includes('ean_13')) {
    const detector = new BarcodeDetector({ formats: ['ean_13'] })
    for (const form of document.querySelectorAll('form.find[data-scan]')) offer(form, detector)
  }
}
