import { HEAD, type Layout, LINE, layOut, type Placed, rowAt } from './layout.ts'
import type { Arrow, Kind, Picture } from './picture.ts'

const words: Readonly<Record<Kind, string>> = {
  client: 'CLIENT',
  api: 'WEBSOCKET API',
  function: 'FUNCTION',
  table: 'TABLE',
  topic: 'TOPIC',
  queue: 'QUEUE',
  pool: 'USER POOL',
  role: 'ROLE',
  folder: 'FOLDER',
  tool: 'THE KIT',
  cloud: 'A CLOUD',
}

/** Colours in light and in dark. A picture brings its own ground, so it can be read on any page. */
const style = `
svg{--ground:#fff;--ink:#1f2328;--faint:#59636e;--line:#8b949e;--client:#eef1f4;--api:#e3eefc;--function:#fdf0e0;--store:#e6f4e8;--rim:#c8d0d8}
@media (prefers-color-scheme:dark){svg{--ground:#0d1117;--ink:#e6edf3;--faint:#a4adb8;--line:#8b949e;--client:#1c2229;--api:#122844;--function:#38270f;--store:#12301b;--rim:#3d4650}}
.ground{fill:var(--ground)}
.box{stroke:var(--rim)}
.client,.tool,.folder{fill:var(--client)}.api,.cloud{fill:var(--api)}.function{fill:var(--function)}
.table,.topic,.queue,.pool,.role{fill:var(--store)}
text{fill:var(--ink);font-family:system-ui,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;font-size:13px}
.kind{fill:var(--faint);font-size:10px;letter-spacing:.08em}
.name,.row{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:14px}
.legend{fill:var(--faint);font-size:12px}
.name{font-weight:600}
.row{font-size:13px}
.rule{stroke:var(--rim)}
.arrow{fill:none;stroke:var(--line);stroke-width:1.6}
.dashed{stroke-dasharray:5 4}
.head{fill:var(--line)}
`
  .trim()
  .replaceAll('\n', '')

/** Draws a picture as SVG. The same picture gives the same text. */
export function draw(picture: Picture): string {
  const layout = layOut(picture)
  const arrows = picture.arrows.map(arrow => drawArrow(arrow, layout))
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${layout.width} ${layout.height}" width="${layout.width}" height="${layout.height}" role="img" aria-labelledby="title says">`,
    `<title id="title">${escaped(picture.title)}</title>`,
    `<desc id="says">${escaped(picture.says)}</desc>`,
    `<style>${style}</style>`,
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 0L8 4L0 8z"/></marker></defs>',
    `<rect class="ground" width="${layout.width}" height="${layout.height}" rx="8"/>`,
    ...arrows,
    ...[...layout.boxes.values()].map(drawBox),
    ...legend(picture, layout),
    '</svg>',
  ].join('\n')}\n`
}

function drawBox(box: Placed): string {
  const { x, y, width, height, kind, name, lines = [], rows = [] } = box
  const left = x + 14
  const ruleAt = y + HEAD - 2
  return [
    `<rect class="box ${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`,
    `<text class="kind" x="${left}" y="${y + 17}">${words[kind]}</text>`,
    `<text class="name" x="${left}" y="${y + 35}">${escaped(name)}</text>`,
    ...(rows.length > 0 && lines.length === 0
      ? [`<path class="rule" d="M${x} ${ruleAt}H${x + width}"/>`]
      : []),
    ...lines.map((line, at) => `<text x="${left}" y="${y + HEAD + at * LINE + 12}">${escaped(line)}</text>`),
    ...rows.map(
      (row, at) => `<text class="row" x="${left}" y="${y + rowAt(box, at) + 5}">${escaped(row)}</text>`,
    ),
  ].join('\n')
}

/** @throws when an arrow names a box or a row that is not in the picture. */
function drawArrow({ from, to, dashed }: Arrow, layout: Layout): string {
  const [start, end] = [placeOf(from, layout), placeOf(to, layout)]
  return `<path class="arrow${dashed ? ' dashed' : ''}" marker-end="url(#head)" d="${pathBetween(start, end)}"/>`
}

interface Place {
  readonly box: Placed
  readonly y: number
}

function placeOf(name: string, { boxes }: Layout): Place {
  const at = name.indexOf('/')
  const box = boxes.get(at < 0 ? name : name.slice(0, at))
  const row = at < 0 ? undefined : box?.rows?.indexOf(name.slice(at + 1))
  if (!box || row === -1) throw new Error(`An arrow names ${name}, which is not in the picture.`)
  return { box, y: box.y + (row === undefined ? box.height / 2 : rowAt(box, row)) }
}

/** A curve to the right, to the left, or straight down within a column. */
function pathBetween({ box: a, y: from }: Place, { box: b, y: to }: Place): string {
  if (a.column === b.column) {
    const x = a.x + a.width / 2
    return a.y < b.y ? `M${x} ${a.y + a.height}V${b.y - 1}` : `M${x} ${a.y}V${b.y + b.height + 1}`
  }
  const [x, end] = a.column < b.column ? [a.x + a.width, b.x - 1] : [a.x, b.x + b.width + 1]
  const bend = (x + end) / 2
  return `M${x} ${from}C${bend} ${from} ${bend} ${to} ${end} ${to}`
}

/** What a dashed arrow means, where there is one. */
const legend = ({ arrows }: Picture, { foot }: Layout): string[] =>
  arrows.some(({ dashed }) => dashed)
    ? [
        `<path class="arrow dashed" d="M20 ${foot + 18}H52"/>`,
        `<text class="legend" x="60" y="${foot + 22}">a call to AWS, for which the role needs permission</text>`,
      ]
    : []

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
