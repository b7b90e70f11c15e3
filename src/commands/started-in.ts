/** The folder that a person's relative paths are meant from: npm moves to the kit's own first, and tells where it was called. */
export const startedIn = (): string =>
  (process.env.npm_lifecycle_event && process.env.INIT_CWD) || process.cwd()
