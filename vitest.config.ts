import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { HANG, HUNG_TEST } from './src/machine/bounds.ts'

/** The files that take longest, wherever they are. Begun last, one of them would still run when all the others are done. */
const LONG = [
  /\/proof\.(test|prove)\.ts$/,
  /\/(labs|workbench|one-lab|clients|plain-cdk|interrupted|hostile|switches|assembly|somebody-elses)\.prove\.ts$/,
  /\/(conformance|cli|up)\.test\.ts$/,
]

/** Long files first, and then as vitest has it: by how long each took the last time, and by size where there was none. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONG.findIndex(long => long.test(moduleId))
      return at < 0 ? LONG.length : at
    }
    return sorted.sort((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'checks/**/*.test.ts'],
    exclude: ['**/node_modules/**', '.wslab/**'],
    testTimeout: HUNG_TEST,
    hookTimeout: HUNG_TEST,
    expect: { poll: { timeout: HANG, interval: 20 } },
    pool: 'forks',
    // Three files, and in each two proofs at a time: a proof waits more than it works.
    maxWorkers: 3,
    maxConcurrency: 2,
    sequence: { sequencer: LongFirst },
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
})
