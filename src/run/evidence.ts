import {
  CloudWatchLogsClient,
  FilterLogEventsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs'
import type { Deployment, Origin } from '#kit'
import { shortened } from '../probe/shortened.ts'

/** A line that a function wrote about a failure. */
export interface Said {
  readonly by: Speaker
  readonly text: string
}

/** The function behind a log group. */
export interface Speaker {
  /** Its name in the learner's code: `Say`. */
  readonly name: string
  /** The line that makes it. */
  readonly line?: string
  /** Its environment variable that begins with `wss://`, if there is one. */
  readonly addressForClients?: string
}

/** The most lines of one function that are shown. */
const MOST_LINES = 6
/** The most characters of one line; a stack trace says no more after the first. */
const MOST_CHARACTERS = 500

/** Reads what the deployment's functions said of failures since `since` (milliseconds since the epoch), by CloudWatch Logs. */
export async function whatFunctionsSaid(
  deployment: Deployment,
  origins: readonly Origin[],
  since: number,
): Promise<Said[]> {
  const client = new CloudWatchLogsClient(deployment.aws)
  try {
    const groups = await Promise.all(
      logGroups(deployment, origins).map(group => failuresIn(client, group.name, group.by, since)),
    )
    return groups.flat()
  } finally {
    client.destroy()
  }
}

/** Each function's own group, and the groups that the stack makes for them. */
function logGroups(deployment: Deployment, origins: readonly Origin[]): { name: string; by: Speaker }[] {
  return deployment.resources.flatMap(({ type, physicalId, logicalId }) => {
    if (type === 'AWS::Lambda::Function') {
      return [{ name: `/aws/lambda/${physicalId}`, by: speaker(logicalId, origins) }]
    }
    if (type !== 'AWS::Logs::LogGroup') return []
    const owner = origins.find(origin => origin.logGroup === logicalId)
    return [{ name: physicalId, by: speaker(owner?.logicalId ?? logicalId, origins) }]
  })
}

/** `Chat/Say/Resource` is `Say` to the reader. */
function speaker(logicalId: string, origins: readonly Origin[]): Speaker {
  const origin = origins.find(one => one.logicalId === logicalId)
  const name =
    origin?.path
      .replace(/\/Resource$/, '')
      .split('/')
      .at(-1) ?? logicalId
  const { line, addressForClients } = origin ?? {}
  return { name, ...(line ? { line } : {}), ...(addressForClients ? { addressForClients } : {}) }
}

async function failuresIn(
  client: CloudWatchLogsClient,
  logGroupName: string,
  by: Speaker,
  since: number,
): Promise<Said[]> {
  try {
    const { events = [] } = await client.send(new FilterLogEventsCommand({ logGroupName, startTime: since }))
    const lines = events
      .map(event => event.message ?? '')
      .filter(tellsOfFailure)
      .map(message => `${inOneLine(message)}${reasonToWait(message, by)}`)
    // A failure that comes again and again is evidence once.
    return [...new Set(lines)].slice(0, MOST_LINES).map(text => ({ by, text }))
  } catch (error) {
    // A function that never ran has no log group.
    if (error instanceof ResourceNotFoundException) return []
    throw error
  }
}

const tellsOfFailure = (message: string): boolean =>
  /\tERROR\t|\tWARN\t|Task timed out|Runtime\.|Runtime exited|AccessDenied|errorType/.test(message) &&
  !/^(START|END|INIT_START) /.test(message)

/** Who knocks by plain HTTP at an API waits until Lambda ends the function: nothing else shows in the log (facts: A2, E16). */
const reasonToWait = (message: string, { addressForClients }: Speaker): string =>
  addressForClients && /Task timed out/.test(message) ? `; its ${addressForClients} begins with wss:` : ''

/** `Invoke Error {"errorType":…}` as people say it; anything else cut after its first line. */
function inOneLine(message: string): string {
  const reported = /\t(?:Invoke Error|Uncaught Exception|Unhandled Promise Rejection) ?\t(\{.*\})\s*$/s.exec(
    message,
  )?.[1]
  // What comes before the text is a time and the id of a request: parted by tabs, or by blanks when Lambda ended the function.
  const text = reported
    ? asSentence(reported)
    : message.replace(/^[^\t]*\t[^\t]*\t|^\S+ \S+ (?=Task timed out)/, '')
  const [first = ''] = text.trim().split('\n')
  return shortened(first, MOST_CHARACTERS)
}

function asSentence(json: string): string {
  try {
    const { errorType, errorMessage } = JSON.parse(json)
    return `${errorType}: ${errorMessage}`
  } catch {
    return json
  }
}
