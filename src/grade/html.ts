import { type Finding, shortened, visible } from '#kit'
import type { GradeDocument } from './document.ts'
import type { Graded } from './graded.ts'
import { inWords, pointsInWords, reasonOf, seconds } from './row.ts'

/** The most lines of evidence shown of one promise, and the most characters of a line. */
const MOST_EVIDENCE = 40
const MOST_CHARACTERS = 500

/** One file that needs nothing else: a table, and below each row what the check said. It holds no script, and runs none. */
export function asHtml({ lab, folder, handIns, totals, common }: GradeDocument): string {
  const several =
    common.length > 0
      ? `<h2>What several got wrong</h2>\n<ul>\n${common.map(({ count, says, hint }) => `<li>${count} of ${handIns.length}: ${html(says)}${hint ? ` <span class="quiet">(${html(hint)})</span>` : ''}</li>\n`).join('')}</ul>\n`
      : ''
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html(lab)}: ${handIns.length} hand-ins</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${html(lab)}</h1>
<p>${html(folder)}: ${handIns.length} graded, ${totals.pass} fixed, ${totals.fail} not fixed, ${totals.look} to be looked at.</p>
${several}<table>
<thead><tr><th scope="col">Hand-in</th><th scope="col">Verdict</th><th scope="col">Points</th><th scope="col">First broken promise</th><th scope="col">Time</th></tr></thead>
<tbody>
${handIns.map(rowOf).join('')}</tbody>
</table>
<h2>Each hand-in</h2>
${handIns.map(detailsOf).join('')}</body>
</html>
`
}

const rowOf = (one: Graded, index: number): string =>
  `<tr><th scope="row"><a href="#h${index}">${html(one.name)}</a></th><td class="${one.grade}">${inWords(one)}</td><td>${pointsInWords(one)}</td><td>${html(reasonOf(one))}</td><td>${seconds(one)}</td></tr>\n`

const detailsOf = (one: Graded, index: number): string =>
  `<details id="h${index}"><summary>${html(one.name)}: <span class="${one.grade}">${inWords(one)}</span></summary>\n${one.because ? `<p>${html(one.because)}</p>\n` : ''}<ol>\n${(one.check?.criteria ?? []).map(findingOf).join('')}</ol>\n</details>\n`

const MARKS: Readonly<Record<Finding['verdict'], string>> = { pass: '✓', fail: '✗', error: '!', skipped: '–' }

function findingOf({
  says,
  verdict,
  did,
  expected,
  observed,
  evidence = [],
  means,
  where,
  hint,
}: Finding): string {
  const told = { did, expected, observed, means, where, read: hint }
  const rows = Object.entries(told).flatMap(([label, text]) =>
    text ? [`<dt>${label}</dt><dd>${html(text)}</dd>`] : [],
  )
  const shown = evidence.slice(0, MOST_EVIDENCE).map(line => html(shortened(line, MOST_CHARACTERS)))
  const more = evidence.length - shown.length
  if (more > 0) shown.push(`… and ${more} more lines`)
  const pre = shown.length > 0 ? `<pre>${shown.join('\n')}</pre>` : ''
  return `<li><p>${MARKS[verdict]} ${html(says)}</p>${rows.length > 0 ? `<dl>${rows.join('')}</dl>` : ''}${pre}</li>\n`
}

const html = (text: string): string =>
  text
    .split('\n')
    .map(visible)
    .join('\n')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
th[scope=row] { font-weight: 600; overflow-wrap: anywhere; }
.pass { color: light-dark(#0a6b2d, #6fdc8c); } .fail { color: light-dark(#b3001b, #ff9a9a); } .look { color: light-dark(#7a4d00, #ffcf66); }
.quiet { opacity: .75; }
ol { list-style: none; padding-left: 1rem; } li > p { margin: .4rem 0; font-weight: 600; }
dl { display: grid; grid-template-columns: 6rem 1fr; gap: .1rem .8rem; margin: .2rem 0 .2rem 1.4rem; } dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
pre { overflow-x: auto; margin: .2rem 0 .8rem 1.4rem; padding: .5rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
summary { cursor: pointer; padding: .3rem 0; }
`
