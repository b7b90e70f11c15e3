import type { Row } from './row.ts'
import type { Result, Status } from './run.ts'
import { services } from './services.ts'

/** Rows with their results, counted. */
export interface Table {
  readonly rows: readonly (Row & Pick<Result, 'status' | 'because'>)[]
  readonly totals: Readonly<Partial<Record<Status, number>>>
}

/** Puts rows and their results side by side. A row without a result is left out. */
export function tableOf(rows: readonly Row[], results: readonly Result[]): Table {
  const byId = new Map(results.map(result => [result.id, result]))
  const tried = rows.flatMap(row => {
    const result = byId.get(row.id)
    return result
      ? [{ ...row, status: result.status, ...(result.because && { because: result.because }) }]
      : []
  })
  const totals: Partial<Record<Status, number>> = {}
  for (const { status } of tried) totals[status] = (totals[status] ?? 0) + 1
  return { rows: tried, totals }
}

/** `3 held, 1 assumed`. */
export const inWords = ({ totals }: Table, names: Readonly<Partial<Record<Status, string>>> = {}): string =>
  (['held', 'assumed', 'not modelled', 'not checked', 'broken'] as const)
    .flatMap(status => (totals[status] ? [`${totals[status]} ${names[status] ?? status}`] : []))
    .join(', ') || 'none'

/** What a mistake that is held is called. */
export const ofMistakes: Partial<Record<Status, string>> = { held: 'reproduced' }

const sections: Readonly<Record<string, string>> = {
  A: 'A. The life of a connection',
  B: 'B. Routing',
  C: 'C. Responses and integrations',
  D: 'D. Lambda events',
  E: 'E. The @connections API',
  F: 'F. Authorization',
  G: 'G. Quotas and throttling',
  H: 'H. Deployment, CDK, logging',
  J: 'J. What IAM says when it says no',
}

/** docs/fidelity.md: what the local cloud does as AWS does it, row by row. */
export function page(facts: Table, mistakes: Table): string {
  return `${[
    '# How true the local cloud is',
    '<!-- Written by npm run conformance. -->',
    `How AWS behaves was collected, row by row, with its sources. Nobody here asked a live account.
Every row has a test that drives a deployed stack from outside, by sockets, HTTP and the AWS SDK.
\`npm run conformance\` runs them all and writes this page. \`npm run conformance -- A10 B7\` runs some.
With \`--target aws --profile NAME\` the same rows are tried in an AWS account.`,
    `- **held**: AWS's documents or captures of the real service say so, and it is so here.
- **assumed**: nobody knows for certain; here it is as the row says.
- **not modelled**: not here, and why.`,
    `Of ${facts.rows.length} facts ${inWords(facts)}. Of ${mistakes.rows.length} classic mistakes ${inWords(mistakes, ofMistakes)}.`,
    ...Object.entries(sections).flatMap(([letter, title]) => [
      `## ${title}`,
      lines(
        ['Row', 'What is so', 'Sure', 'Here'],
        facts.rows.filter(({ id }) => id.startsWith(letter)),
        row => [row.id, sentence(row), row.confidence ?? '', here(row)],
      ),
    ]),
    '## Classic mistakes',
    lines(['Row', 'The mistake, and what it shows', 'Here'], mistakes.rows, row => [
      row.id,
      row.says,
      here(row, ofMistakes),
    ]),
    servicesSection(),
  ].join('\n\n')}\n`
}

/** What was compared of the services beside the sockets, a table each. */
export const servicesSection = (): string =>
  [
    '## The services beside the sockets',
    `What an app needs besides was held against recordings of AWS that others made, its published
schemas and its documents. What is not here was not compared.`,
    ...Object.entries(services).flatMap(([service, rows]) => [
      `### ${service}`,
      table(
        ['Standing', 'What is so', 'Where'],
        rows.map(({ standing, says, held }) => [standing, says, `\`${held}\``]),
      ),
    ]),
  ].join('\n\n')

const sentence = ({ says, note }: Row): string => (note ? `${says}. (${note})` : says)

const here = (
  { status, because }: Table['rows'][number],
  names: Readonly<Partial<Record<Status, string>>> = {},
): string => (because ? `${status}: ${because}` : (names[status] ?? status))

function lines(
  head: readonly string[],
  rows: Table['rows'],
  cells: (row: Table['rows'][number]) => readonly string[],
): string {
  return table(head, rows.map(cells))
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (texts: readonly string[]) =>
    `| ${texts.map(text => text.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
