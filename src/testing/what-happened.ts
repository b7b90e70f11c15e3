import type { CloudEvent } from '../cloud/events.ts'
import { liveLine } from '../commands/live-line.ts'
import { Unmet } from '../probe/unmet.ts'

/** The most lines that an error tells of what happened. */
const MOST = 25

/**
 * Runs what waits for something. When that does not come, the error's message goes on with what happened in the cloud: frames,
 * failures of functions, refusals of IAM, and logs.
 */
export async function telling<T>(history: () => readonly CloudEvent[], wait: () => Promise<T>): Promise<T> {
  try {
    return await wait()
  } catch (error) {
    if (error instanceof Unmet) error.message = inFull(error, history())
    throw error
  }
}

function inFull({ message, evidence, means }: Unmet, events: readonly CloudEvent[]): string {
  const lines = events.flatMap(event => liveLine(event) ?? [])
  const shown = lines.slice(-MOST).flatMap(line => line.split('\n'))
  return [
    message,
    ...(means ? [means] : []),
    ...evidence.map(line => `  ${line}`),
    ...(shown.length > 0 ? ['What happened in the cloud, the last of it:'] : []),
    ...shown.map(line => `  ${line}`),
  ].join('\n')
}
