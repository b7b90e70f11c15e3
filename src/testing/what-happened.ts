import type { Cloud } from '../cloud/cloud.ts'
import type { CloudEvent } from '../cloud/events.ts'
import { Unmet } from '../probe/unmet.ts'
import { describer } from '../workbench/model/describe.ts'
import { explainer } from '../workbench/model/explain.ts'
import { filterOf, usualFilter } from '../workbench/model/filter.ts'
import { isNews, noteInALine, rowInALine } from '../workbench/model/in-lines.ts'
import { keepDirectory } from '../workbench/server/directory.ts'

/** The most lines that an error tells of what happened. */
const MOST = 25

/**
 * Runs what waits for something. When that does not come, the error's message goes on with what happened in the cloud, in the names of
 * the caller's code: frames, failures of functions, refusals of IAM, logs, and why a client hears nothing.
 */
export async function telling<T>(
  cloud: Cloud,
  history: () => readonly CloudEvent[],
  wait: () => Promise<T>,
): Promise<T> {
  try {
    return await wait()
  } catch (error) {
    if (error instanceof Unmet) error.message = inFull(error, linesOf(cloud, history()))
    throw error
  }
}

function inFull({ message, evidence, means }: Unmet, lines: readonly string[]): string {
  return [
    message,
    ...(means ? [means] : []),
    ...evidence.map(line => `  ${line}`),
    ...(lines.length > 0 ? ['What happened in the cloud, the last of it:'] : []),
    ...lines.slice(-MOST).map(line => `  ${line}`),
  ].join('\n')
}

function linesOf(cloud: Cloud, events: readonly CloudEvent[]): readonly string[] {
  const names = keepDirectory(cloud)()
  const describe = describer()
  const explain = explainer()
  const isUsual = filterOf(usualFilter)
  const lines = events.flatMap(event => {
    const row = describe(event, names)
    return [
      ...(isUsual(row) && isNews(row) ? [rowInALine(row)] : []),
      ...explain.take(event).map(noteInALine),
    ]
  })
  return [...lines, ...explain.later().map(noteInALine)]
}
