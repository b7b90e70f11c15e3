import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Lab } from '#kit'
import type { Guardian } from '../cloud/guardian.ts'
import { fixesOf } from '../fixes/fixes.ts'
import { layOut, starterOf } from '../fixes/lay-out.ts'
import { writeTree } from '../fixes/tree.ts'
import { house } from '../run/house.ts'
import type { Load } from './loads.ts'

/** Something that is checked under load, and the exit code that it should have. */
export interface Tried {
  readonly name: string
  readonly args: readonly string[]
  readonly right: 0 | 1
}

/** What came of one check. */
export interface Outcome {
  readonly load: string
  readonly lab: string
  readonly name: string
  readonly right: 0 | 1
  readonly code: number
  readonly seconds: number
}

/** A lab's solution, its published starter, and some of its wrong and right fixes, laid out below `folder`: as many of each as `fixes` says. */
export async function triedOf(lab: Lab, fixes: number, folder: string): Promise<readonly Tried[]> {
  const spread = (kind: 'wrong' | 'right') => {
    const all = fixesOf(lab).filter(fix => fix.kind === kind)
    return all.filter((_, place) => place % Math.max(1, Math.ceil(all.length / fixes)) === 0).slice(0, fixes)
  }
  // Not the working starter: somebody may have solved it.
  const untouched = join(folder, lab.id, 'starter')
  writeTree(await starterOf(lab), untouched)
  const laid: Tried[] = []
  for (const fix of [...spread('right'), ...spread('wrong')]) {
    const directory = join(folder, lab.id, `${fix.kind}-${fix.name}`)
    await layOut(fix, directory)
    laid.push({
      name: `${fix.kind}/${fix.name}`,
      args: ['check', lab.id, '--from', directory, '--json'],
      right: fix.kind === 'right' ? 0 : 1,
    })
  }
  return [
    { name: 'the solution', args: ['check', lab.id, '--solution', '--json'], right: 0 },
    { name: 'the starter', args: ['check', lab.id, '--from', untouched, '--json'], right: 1 },
    ...laid,
  ]
}

/** Checks each once in this state of the machine. `tell` hears of each outcome. */
export async function tryUnder(
  load: Load,
  lab: string,
  all: readonly Tried[],
  guardian: Guardian,
  tell: (outcome: Outcome) => void,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  for (const { name, args, right } of all) {
    const began = performance.now()
    const [program = '', ...rest] = [
      ...load.before,
      process.execPath,
      join(house, 'src', 'start.mjs'),
      ...args,
    ]
    const child = spawn(program, rest, { cwd: house, stdio: 'ignore' })
    const forget = guardian.watchProcess(child.pid ?? 0)
    const [code] = await once(child, 'close')
    forget()
    const seconds = (performance.now() - began) / 1000
    const outcome = { load: load.name, lab, name, right, code: Number(code ?? -1), seconds }
    outcomes.push(outcome)
    tell(outcome)
  }
  return outcomes
}

/** Outcome × load, in Markdown: what should pass, and what should be refused. */
export function loadTable(outcomes: readonly Outcome[]): string {
  const loads = [...new Set(outcomes.map(({ load }) => load))]
  const count = (load: string, right: number, code: (code: number) => boolean) => {
    const of = outcomes.filter(one => one.load === load && one.right === right)
    return `${of.filter(one => code(one.code)).length} of ${of.length}`
  }
  const rows = loads.map(load => [
    load,
    count(load, 0, code => code === 0),
    count(load, 0, code => code === 1),
    count(load, 0, code => code === 2),
    count(load, 1, code => code === 1),
    count(load, 1, code => code === 0),
    count(load, 1, code => code === 2),
  ])
  const head = [
    '',
    'right: fixed',
    'right: not fixed yet',
    'right: could not check',
    'wrong: not fixed yet',
    'wrong: fixed',
    'wrong: could not check',
  ]
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}
