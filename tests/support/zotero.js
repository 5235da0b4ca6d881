// Runs Zotero's own translators on what a test hands over, outside Zotero: node zotero.js <folder of node_modules>.
// Standard input: {"pages": {url: html}, "files": {name: text}}. Standard output: the last line, JSON of the same shape.
const path = require('path')
const folder = path.resolve(process.argv[2])
const zotero = require(path.join(folder, 'zotero-translators'))
const { JSDOM } = require(path.join(folder, 'jsdom'))

const saved = async (url, html) => {
  const dom = new JSDOM(html, { url })
  const translate = new Zotero.Translate.Web()
  translate.setDocument(dom.window.document)
  const [first] = await translate.getTranslators()
  if (!first) return { translator: null, items: [] }
  translate.setTranslator(first)
  return { translator: first.label, items: await translate.translate() }
}

const ready = async () => {
  while (!(await Zotero.Translators.getAllForType('import')).length) await new Promise((go) => setTimeout(go, 50))
}

const main = async (asked) => {
  await ready()
  const told = { pages: {}, files: {} }
  for (const [url, html] of Object.entries(asked.pages)) told.pages[url] = await saved(url, html)
  for (const [name, text] of Object.entries(asked.files)) told.files[name] = await zotero.referenceImport(text)
  process.stdout.write(`\n${JSON.stringify(told)}\n`, () => process.exit(0))
}

let input = ''
process.stdin.setEncoding('utf8').on('data', (piece) => { input += piece }).on('end', () => main(JSON.parse(input)))
