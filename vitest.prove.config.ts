import { defineConfig } from 'vitest/config'
import tests from './vitest.config.ts'

/** What `npm run prove` runs: the same as `npm test` does, with files of another name. */
export default defineConfig({
  ...tests,
  test: { ...tests.test, include: ['src/**/*.prove.ts', 'checks/**/*.prove.ts'] },
})
