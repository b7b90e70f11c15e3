import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/vitest/**/*.test.ts'],
    // A function's first call starts a process, which takes a while on a busy machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
