import type { FileTime } from '../selfproof/times-reporter.ts'

/** What a step of the command cost. */
export interface StepTime {
  readonly name: string
  readonly ms: number
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1)

/** The costliest first. */
const sorted = (files: readonly FileTime[]): readonly FileTime[] => [...files].sort((a, b) => b.ms - a.ms)

const testsIn = (files: readonly FileTime[]): number => files.reduce((sum, { tests }) => sum + tests, 0)
const total = (times: readonly { readonly ms: number }[]): number =>
  times.reduce((sum, { ms }) => sum + ms, 0)

/** What every test file cost, and the other steps, for a terminal. */
export function timesInWords(files: readonly FileTime[], steps: readonly StepTime[]): string {
  const row = (ms: number, what: string) => `${seconds(ms).padStart(8)}  ${what}\n`
  return [
    '\n── times, in seconds\n',
    ...sorted(files).map(({ file, tests, ms }) => row(ms, `${file} (${tests})`)),
    row(total(files), `all ${files.length} files (${testsIn(files)} tests), several at a time`),
    '\n',
    ...steps.map(({ name, ms }) => row(ms, name)),
    row(total(steps), 'all steps, one after the other'),
  ].join('')
}

/** The same as a page of the docs. */
export function timesPage(files: readonly FileTime[], steps: readonly StepTime[]): string {
  return `# What the tests cost

\`npm test -- --times --write\` writes this page. Look here before you add a test: one issue may add
at most 20 seconds. The seconds are real time on one machine. Several test files run at a time, so
together they cost less than their sum.

## Steps

| Step | Seconds |
| --- | ---: |
${steps.map(({ name, ms }) => `| ${name} | ${seconds(ms)} |\n`).join('')}| **all, one after the other** | **${seconds(total(steps))}** |

## Test files

| File | Tests | Seconds |
| --- | ---: | ---: |
${sorted(files)
  .map(({ file, tests, ms }) => `| ${file} | ${tests} | ${seconds(ms)} |\n`)
  .join('')}| **${files.length} files** | **${testsIn(files)}** | **${seconds(total(files))}** |
`
}
