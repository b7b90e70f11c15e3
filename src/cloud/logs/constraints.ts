import { AwsError } from '../error.ts'

type Input = Readonly<Record<string, any>>

/** CloudWatch Logs' quotas on one answer. */
const MOST_LISTED = 50
const MOST_EVENTS = 10_000

/** Operations with a `limit`, and the most that it may be. */
const limits: Readonly<Record<string, number>> = {
  DescribeLogGroups: MOST_LISTED,
  DescribeLogStreams: MOST_LISTED,
  FilterLogEvents: MOST_EVENTS,
  GetLogEvents: MOST_EVENTS,
}

/**
 * Throws CloudWatch Logs' refusal of a limit that is out of range, and of members that exclude each other (words
 * recorded from AWS in localstack's snapshots, but for the order by time).
 */
export function checkInput(operation: string, input: Input): void {
  const most = limits[operation]
  if (most !== undefined && input.limit !== undefined) checkLimit(Number(input.limit), most)
  if (input.logGroupName !== undefined && input.logGroupIdentifier !== undefined) {
    throw new AwsError(
      'ValidationException',
      'LogGroup name and LogGroup ARN are mutually exclusive parameters.',
    )
  }
  if (input.logGroupNamePrefix && input.logGroupNamePattern) {
    throw invalid('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.')
  }
  if (operation === 'DescribeLogStreams' && input.orderBy === 'LastEventTime' && input.logStreamNamePrefix) {
    throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.')
  }
}

function checkLimit(limit: number, most: number): void {
  if (limit >= 1 && limit <= most) return
  const bound = limit > most ? `less than or equal to ${most}` : 'greater than or equal to 1'
  throw invalid(
    `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value ${bound}`,
  )
}

/** Throws CloudWatch Logs' refusal of a name that no group may have. */
export function checkGroupName(name: string): void {
  if (name.length > 512) {
    throw invalid('Invalid LogGroup or LogStream, both must have length less than or equal to 512.')
  }
  if (/^[\w./#-]+$/.test(name)) return
  throw invalid(
    `1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
  )
}

const invalid = (message: string) => new AwsError('InvalidParameterException', message)
