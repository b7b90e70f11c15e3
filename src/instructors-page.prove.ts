import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HANG } from './machine/bounds.ts'
import { type SecondHouse, secondHouse } from './selfproof/second-house.ts'

// It brings no types of its own.
const yaml: { load(text: string): unknown } = createRequire(import.meta.url)('js-yaml')

/** The workflow on the page, as far as its steps are run here. */
interface Workflow {
  readonly on: string
  readonly permissions: Readonly<Record<string, string>>
  readonly jobs: Readonly<Record<string, { readonly steps: readonly WorkflowStep[] }>>
}
interface WorkflowStep {
  readonly run?: string
  readonly 'working-directory'?: string
  readonly with?: Readonly<Record<string, string>>
}

let house: SecondHouse
let section: string
beforeAll(() => {
  house = secondHouse()
  const page = readFileSync(join(house.directory, 'docs/instructors.md'), 'utf8')
  section = /^## Grade hand-ins\n[\s\S]*?(?=^## )/m.exec(page)?.[0] ?? ''
})
afterAll(() => house.remove())

const examples = (language: string): string[] =>
  [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].flatMap(([, its, code = '']) =>
    its === language ? [code] : [],
  )

interface Ran {
  readonly status: unknown
  readonly stdout: string
  readonly stderr: string
}

const shell = (code: string, cwd: string, more: NodeJS.ProcessEnv = {}): Promise<Ran> => {
  const env = { ...process.env, ...more, npm_lifecycle_event: undefined }
  return new Promise(resolve =>
    execFile('bash', ['-e', '-c', code], { cwd, env, timeout: HANG }, (error, stdout, stderr) =>
      resolve({ status: error?.code ?? 0, stdout, stderr }),
    ),
  )
}

test('the examples on grading say who has fixed the lab and who has not', async () => {
  const folder = join(house.directory, 'hand-ins')
  for (const [who, room] of [
    ['ana', 'solutions'],
    ['ben', 'starter'],
  ] as const)
    cpSync(join(house.directory, room, 'lab2-wrong-permissions'), join(folder, who), { recursive: true })
  expect(examples('sh')).toHaveLength(1)
  for (const example of examples('sh')) {
    const { status, stdout, stderr } = await shell(example, house.directory)
    expect(stdout, stderr).toMatch(/^ana +fixed +(\d+) of \1 .*\nben +unchanged starter +/m)
    expect(status).toBe(1)
  }
  expect(readFileSync(join(house.directory, 'report.html'), 'utf8')).toContain('unchanged starter')
})

test('the workflow grades a pull request with the kit of its base, without a permission to write', async () => {
  const [workflow = ''] = examples('yaml')
  const { on, permissions, jobs } = yaml.load(workflow) as Workflow
  expect(on).toBe('pull_request')
  expect(permissions).toEqual({ contents: 'read' })
  const [{ steps }] = Object.values(jobs) as [{ steps: readonly WorkflowStep[] }]

  // The first checkout is the kit: the second house. The second is a whole copy of the kit, in which nothing is solved.
  const [kit, handIn] = steps.flatMap(step => step.with?.path ?? [])
  const summary = join(house.directory, 'summary.md')
  expect(kit).toBe('kit')
  const request = join(house.directory, 'runner', handIn!)
  mkdirSync(request, { recursive: true })
  cpSync(join(house.directory, 'starter'), join(request, 'starter'), { recursive: true })
  cpSync(join(house.directory, 'solutions'), join(request, 'solutions'), { recursive: true })

  for (const { run, 'working-directory': folder } of steps) {
    if (!run) continue
    expect(folder).toBe(kit)
    const { status, stdout, stderr } = await shell(run.replace('../', 'runner/'), house.directory, {
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_WORKSPACE: join(house.directory, 'runner'),
    })
    expect(stdout, stderr).toMatch(
      /^::error file=hand-ins\/pull-request\/starter\/lab2-wrong-permissions\/stack\.ts,line=\d+,title=pull-request%3A unchanged starter::/m,
    )
    expect(status).toBe(1)
    expect(readFileSync(summary, 'utf8')).toMatch(/\| pull-request \| unchanged starter \|/)
  }
})
