import { defineConfig } from 'vitest/config'
import tests from './vitest.config.ts'

/**
 * The units of the local cloud, as `npm test` runs them. Their files share a process, which loads the SDK and the cloud
 * once and not a hundred times. They start nothing that outlives them and change nothing of the process.
 */
export default defineConfig({
  ...tests,
  test: { ...tests.test, include: ['src/cloud/**/*.test.ts'], isolate: false, maxWorkers: 2 },
})
