/** Groups of processes are a thing of POSIX: elsewhere a child is ended alone. */
export const hasGroups = process.platform !== 'win32'

/** Ends the process and, if it leads a group, everything it started. */
export function killGroup(pid: number) {
  try {
    process.kill(hasGroups ? -pid : pid, 'SIGKILL')
  } catch {
    // Nobody is left in it.
  }
}
