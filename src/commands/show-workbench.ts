import { spawn } from 'node:child_process'
import type { BenchOptions } from '../workbench/server/bench.ts'
import { openWorkbench } from '../workbench/server/workbench.ts'
import type { Session } from './session.ts'
import { troubleInWords } from './trouble.ts'

/** Opens a workbench for the session, and says where. On a terminal a browser is opened as well. */
export async function showWorkbench(
  session: Session,
  options: Omit<BenchOptions, 'guardian' | 'inWords'>,
  port = 0,
): Promise<void> {
  const { guardian } = session
  const workbench = await openWorkbench({ ...options, guardian, inWords: troubleInWords, port })
  session.closes(workbench, it => it.close())
  process.stdout.write(`\nThe workbench is open (Ctrl-C ends it):\n  ${workbench.url}\n`)
  if (process.stdout.isTTY && !process.env.CI && !process.env.CODESPACES) openBrowserOn(workbench.url)
}

/** A machine without a browser is no trouble: the address has been printed. */
function openBrowserOn(url: string): void {
  const [program, ...args] = {
    darwin: ['open'],
    win32: ['rundll32', 'url.dll,FileProtocolHandler'],
  }[process.platform as string] ?? ['xdg-open']
  spawn(program!, [...args, url], { stdio: 'ignore', detached: true })
    .once('error', () => {})
    .unref()
}
