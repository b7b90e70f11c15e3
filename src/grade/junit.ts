import { type Finding, visible } from '#kit'
import type { GradeDocument } from './document.ts'
import type { Graded } from './graded.ts'

/** JUnit's XML: a suite a hand-in, and a case a promise. */
export function asJunit({ lab, handIns }: GradeDocument): string {
  const suites = handIns.map(suiteOf)
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${xml(lab)}">\n${suites.join('')}</testsuites>\n`
}

function suiteOf(graded: Graded): string {
  const findings = graded.check?.criteria ?? []
  // One that was never checked has no promise to report on; without a case of its own, a reader would count it as fine.
  const cases = findings.length > 0 ? findings.map(one => caseOf(graded, one)) : [neverChecked(graded)]
  const count = (verdict: Finding['verdict']) => findings.filter(one => one.verdict === verdict).length
  const errors = findings.length > 0 ? count('error') : 1
  return `  <testsuite name="${xml(graded.name)}" tests="${cases.length}" failures="${count('fail')}" errors="${errors}" skipped="${count('skipped')}" time="${(graded.ms / 1000).toFixed(3)}">\n${cases.join('')}  </testsuite>\n`
}

function caseOf({ name }: Graded, finding: Finding): string {
  const open = `    <testcase classname="${xml(name)}" name="${xml(finding.says)}" time="${(finding.ms / 1000).toFixed(3)}"`
  const message = xml(finding.observed ?? finding.means ?? '')
  switch (finding.verdict) {
    case 'pass':
      return `${open}/>\n`
    case 'skipped':
      return `${open}><skipped message="${xml(finding.means ?? '')}"/></testcase>\n`
    case 'fail':
      return `${open}><failure type="${xml(finding.id)}" message="${message}">${story(finding)}</failure></testcase>\n`
    case 'error':
      return `${open}><error type="${xml(finding.id)}" message="${message}">${story(finding)}</error></testcase>\n`
  }
}

const neverChecked = ({ name, because = '' }: Graded): string =>
  `    <testcase classname="${xml(name)}" name="It can be checked"><error message="${xml(because)}"/></testcase>\n`

function story({ did, expected, observed, evidence = [], means, where, hint }: Finding): string {
  const rows = Object.entries({ did, expected, observed, means, where, read: hint })
  const told = rows.flatMap(([label, text]) => (text ? [`${label}: ${xml(text)}`] : []))
  return [...told, ...evidence.map(xml)].join('\n')
}

/** Text for XML, in which what XML forbids is made visible. */
const xml = (text: string): string =>
  text
    .split('\n')
    .map(visible)
    .join('\n')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
