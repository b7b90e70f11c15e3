import { IncompleteInstallation } from '../run/installation.ts'
import { NoPublishedStarter } from '../run/published-starter.ts'
import { AwsTrouble } from '../targets/aws/trouble.ts'
import { WrongUsage } from './usage.ts'

/** What the machine can refuse us, by the system's code: what happened, and what to do next. */
const refusals: Readonly<Record<string, string>> = {
  EADDRINUSE:
    'The port is taken by another program. Choose another with --port, or leave --port out to get a free one.',
  EACCES: 'This user may not do that here. Check who owns the folder.',
  EPERM: 'This user may not do that here. Check who owns the folder.',
  ENOSPC:
    'The disk is full (or, on Linux, the limit of watched files is reached). Free some room and run it again.',
  EDQUOT: 'Your disk quota is used up. Free some room and run it again.',
  EROFS: 'The disk cannot be written to.',
  EMFILE: 'Too many files are open. Raise the limit (ulimit -n 4096) and run it again.',
  ENFILE: 'Too many files are open on this machine. Close some programs and run it again.',
  ENOMEM: 'There is not enough memory. Close some programs and run it again.',
  ENOENT: 'A file or program that is needed is missing. npm run doctor tells which.',
}

/** An error as the person at the keyboard should read it: never a stack trace of ours. */
export function troubleInWords(error: unknown): string {
  if (error instanceof WrongUsage || error instanceof NoPublishedStarter) return error.message
  if (error instanceof IncompleteInstallation) return error.message
  if (error instanceof AwsTrouble) return `${error.message}\n${error.next}`
  const { message, code } = error as { message?: string; code?: string }
  // A package that the kit itself loads: `typescript`, a compiler's program.
  if (/^(ERR_)?MODULE_NOT_FOUND$/.test(code ?? '')) {
    return `The kit's own installation is incomplete: ${message?.split('\n')[0]}\nRun npm ci in the kit's folder, and check again.${debugging(error)}`
  }
  const advice = code ? refusals[code] : undefined
  if (advice) return `Could not go on: ${message}\n${advice}`
  return `Could not go on, and this is our fault, not your stack's: ${message ?? error}\nnpm run doctor tells whether this machine is ready. With DEBUG=wslab set, the whole story is shown.${debugging(error)}`
}

const debugging = (error: unknown): string =>
  process.env.DEBUG?.includes('wslab') && error instanceof Error ? `\n${error.stack}` : ''
