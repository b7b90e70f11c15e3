// The guardian's own process: plain JavaScript, so that it starts without a compiler and in one file.
// It is told on its standard input what its parent answers for. When that pipe closes, for whatever reason
// (the parent exited, crashed, was killed), it kills and removes what is still on the list, and ends.
import { rmSync } from 'node:fs'

// Without a listener Node would open its inspector for anybody.
process.on('SIGUSR1', () => {})

const processes = new Set()
const folders = new Set()
let unread = ''

process.stdin.setEncoding('utf8')
process.stdin.on('data', text => {
  const lines = (unread + text).split('\n')
  unread = lines.pop() ?? ''
  for (const line of lines) {
    const [what, value] = JSON.parse(line)
    if (what === '+pid') processes.add(value)
    if (what === '-pid') processes.delete(value)
    if (what === '+dir') folders.add(value)
    if (what === '-dir') folders.delete(value)
  }
})
process.stdin.on('close', clearAway)

function clearAway() {
  for (const pid of processes) {
    // The group first: there is one of this number only if the process was started as its leader.
    for (const target of [-pid, pid]) {
      try {
        process.kill(target, 'SIGKILL')
      } catch {
        // It is gone already, or was never a group.
      }
    }
  }
  for (const folder of folders) {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
    } catch {
      // Nobody is left to be told.
    }
  }
  process.exit()
}
