import { appendFileSync } from 'node:fs'
import { relative, sep } from 'node:path'
import type { Reporter, TestModule } from 'vitest/node'
import { house } from '../run/house.ts'

/** The variable that names the file into which the reporter writes. */
export const TIMES_FILE = 'WSLAB_TEST_TIMES'

/** What a test file cost. */
export interface FileTime {
  readonly file: string
  readonly tests: number
  /** From the start of its worker to its last test, loading included. */
  readonly ms: number
}

/** Writes what each test file cost, a line of JSON each. `npm test -- --times` asks vitest for it. */
export default class TimesReporter implements Reporter {
  onTestModuleEnd(module: TestModule): void {
    const to = process.env[TIMES_FILE]
    if (!to) return
    const { environmentSetupDuration, prepareDuration, collectDuration, setupDuration, duration } =
      module.diagnostic()
    const time: FileTime = {
      file: relative(house, module.moduleId).split(sep).join('/'),
      tests: [...module.children.allTests()].length,
      ms: environmentSetupDuration + prepareDuration + collectDuration + setupDuration + duration,
    }
    appendFileSync(to, `${JSON.stringify(time)}\n`)
  }
}
