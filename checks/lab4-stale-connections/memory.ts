import { setTimeout as pause } from 'node:timers/promises'
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs'
import { type Scene, Unmet } from '#kit'

/** How long a function may be at work, in milliseconds: as long as API Gateway waits for it (facts: C15). */
const AT_WORK = 29_000
/** How often the logs are read until all functions have come to their ends, in milliseconds. */
const READ_AGAIN = 200

/**
 * By how many megabytes the memory of that function has grown which has grown most, by Lambda's own reports. A report
 * tells the most that an instance has used since it began: the least of a function's is from before it had much to do.
 * Waits until what has begun has ended: only then is it reported. Throws `Unmet` when that takes too long.
 */
export async function memoryGrowth(scene: Scene): Promise<number> {
  const client = scene.aws(CloudWatchLogsClient)
  for (const deadline = Date.now() + AT_WORK; Date.now() < deadline; await pause(READ_AGAIN)) {
    const logs = await Promise.all(logGroups(scene).map(group => reportsIn(client, group)))
    if (logs.every(({ begun, used }) => begun === used.length)) return Math.max(...logs.map(growthOf))
  }
  throw new Unmet({
    expected: 'every function to come to its end',
    observed: `one has begun, and has not ended in ${AT_WORK / 1_000} s`,
  })
}

/** How often a function has begun its work, and what it was reported to have used, in megabytes, each time it was done. */
interface Reports {
  begun: number
  readonly used: number[]
}

const growthOf = ({ used }: Reports): number =>
  used.length === 0 ? 0 : Math.max(...used) - Math.min(...used)

/** One group a function: its own, or the one that Lambda makes for it. */
const logGroups = (scene: Scene): string[] => [
  ...scene.resources('AWS::Logs::LogGroup').map(group => group.physicalId),
  ...scene.resources('AWS::Lambda::Function').map(one => `/aws/lambda/${one.physicalId}`),
]

async function reportsIn(client: CloudWatchLogsClient, logGroupName: string): Promise<Reports> {
  const reports: Reports = { begun: 0, used: [] }
  try {
    for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName })) {
      for (const { message = '' } of events) {
        if (message.startsWith('START RequestId: ')) reports.begun += 1
        const megabytes = /^REPORT .*Max Memory Used: (\d+) MB/.exec(message)?.[1]
        if (megabytes) reports.used.push(Number(megabytes))
      }
    }
  } catch (error) {
    // A function with a group of the stack's own has none of Lambda's.
    if ((error as Error).name !== 'ResourceNotFoundException') throw error
  }
  return reports
}
