import type { Account, Counts, Survivor } from './account.ts'
import type { Tried } from './measure.ts'
import type { Mutant } from './mutant.ts'

/** A mutant as it is done, in a line. */
export function triedInWords({ mutant, outcome }: Tried): string {
  const what = {
    refused: 'at' in outcome ? `refused at ${outcome.at}` : '',
    surviving: 'SURVIVES',
    'not checked': 'could not check',
    dropped: 'because' in outcome ? `dropped (${outcome.because})` : '',
  }[outcome.kind]
  return `${what.padEnd(40)} ${mutant.operator.padEnd(22)} ${mutant.file}:${mutant.line}`
}

/** A lab's account for the terminal: a row for each operator, then all that is to be looked at. */
export function accountInWords(account: Account): string {
  const { lab, generated, dropped, total, operators, survivors, notChecked, faults } = account
  const rows = [
    ['operator', 'deployed', 'refused', 'explained', 'surviving', 'not checked'],
    ...operators.map(one => [one.name, ...numbers(one)]),
    ['all', ...numbers(total)],
  ]
  const lines = [
    lab,
    '',
    ...rows.map(
      ([name = '', ...cells]) => `  ${name.padEnd(24)}${cells.map(cell => cell.padStart(12)).join('')}`,
    ),
    '',
    `  ${generated} mutants in all. Dropped of those that were tried: ${dropped.compiles} do not compile, ` +
      `${dropped.synthesizes} do not synthesize, ${dropped.deploys} do not deploy, ${dropped.same} are the same as another.`,
    ...survivors.map(one => `\n${survivorInWords(lab, one)}`),
    ...notChecked.map(
      ({ mutant, because, isKnown }) =>
        `\n  could not check${isKnown ? ' (known)' : ''}: ${placeOf(lab, mutant)}: ${because}`,
    ),
    ...faults.map(fault => `\n  ${fault}`),
  ]
  return `${lines.join('\n')}\n`
}

const numbers = ({ deployed, refused, explained, surviving, notChecked }: Counts): string[] =>
  [deployed, refused, explained, surviving, notChecked].map(String)

const placeOf = (lab: string, { operator, file, line }: Mutant): string =>
  `${operator} at solutions/${lab}/${file}:${line}`

function survivorInWords(lab: string, { mutant, isKnown, perhaps }: Survivor): string {
  return [
    `  survives${isKnown ? ' (known)' : ''}: ${placeOf(lab, mutant)}: somebody ${mutant.says}.`,
    ...(mutant.was ? [`    - ${mutant.was}`] : []),
    ...(mutant.becomes ? [`    + ${mutant.becomes}`] : []),
    ...(perhaps ? [`    Mutants near it are refused at ${perhaps}.`] : []),
  ].join('\n')
}
