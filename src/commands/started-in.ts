import { isPackage } from '../run/house.ts'

/** The folder that a person's relative paths are meant from: npm moves to the kit's own first, and tells where it was called. A script of theirs is where they mean it to be. */
export const startedIn = (): string =>
  (!isPackage && process.env.npm_lifecycle_event && process.env.INIT_CWD) || process.cwd()
