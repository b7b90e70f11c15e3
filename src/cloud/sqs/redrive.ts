import { invalidParameter } from './errors.ts'
import type { Queue } from './queues.ts'

/** Where messages go that have been received too often. */
export interface Redrive {
  readonly deadLetterTargetArn: string
  readonly maxReceiveCount: number
}

/** A queue as a redrive policy looks at it. */
export type Redriven = Pick<Queue, 'arn' | 'isFifo'>

/** A possible dead-letter queue. */
export type Grave = Redriven & { readonly settings: Readonly<Record<string, string>> }

/**
 * Reads a RedrivePolicy for `source`, and gives it in the one form in which AWS shows it. Throws InvalidParameterValue
 * for one that is malformed, that names no queue of this account, one of the other kind, or one that will not have it.
 */
export function readRedrivePolicy(
  text: string,
  source: Redriven,
  find: (arn: string) => Grave | undefined,
): string {
  const policy = objectIn(text)
  if (!policy) {
    throw invalidParameter(
      'Invalid value for the parameter RedrivePolicy. Reason: Redrive policy is not a valid JSON map.',
    )
  }
  const no = (reason: string) =>
    invalidParameter(`Value ${text} for parameter RedrivePolicy is invalid. Reason: ${reason}`)
  for (const name of ['maxReceiveCount', 'deadLetterTargetArn']) {
    if (policy[name] === undefined) {
      throw no(`Redrive policy does not contain mandatory attribute: ${name}.`)
    }
  }
  if (Object.keys(policy).length > 2) {
    throw no('Only following attributes are supported: [maxReceiveCount, deadLetterTargetArn].')
  }
  const count = Number(policy.maxReceiveCount)
  if (!Number.isInteger(count) || count < 1 || count > 1000) {
    throw no(
      `Invalid value for maxReceiveCount: ${policy.maxReceiveCount}, valid values are from 1 to 1000 both inclusive.`,
    )
  }
  const arn = String(policy.deadLetterTargetArn)
  if (!/^arn:[^:]+:[^:]+:[^:]*:[^:]*:[^:]+$/.test(arn)) throw no('Invalid value for deadLetterTargetArn.')
  const target = arn === source.arn ? { ...source, settings: {} } : find(arn)
  if (!target) throw no('Dead letter target does not exist.')
  if (target.isFifo !== source.isFifo) {
    throw no('Dead-letter queue must be same type of queue as the source.')
  }
  // AWS's words for it are not known: assumed.
  if (!admits(target, source.arn)) throw no('Dead-letter queue does not allow this source queue.')
  return JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: count })
}

/** Reads a RedriveAllowPolicy. Throws InvalidParameterValue. */
export function readRedriveAllowPolicy(text: string): string {
  const { redrivePermission, sourceQueueArns, ...more } = objectIn(text) ?? {}
  if (
    !['allowAll', 'denyAll', 'byQueue'].includes(redrivePermission) ||
    Object.keys(more).length > 0 ||
    (sourceQueueArns !== undefined && !isListOfTexts(sourceQueueArns))
  ) {
    throw invalidParameter(
      "Invalid value for the parameter RedriveAllowPolicy. Reason: Amazon SQS can't create the redrive allow policy, as it’s in an unsupported format.",
    )
  }
  const no = (reason: string) =>
    invalidParameter(
      `Value ${text} for parameter RedriveAllowPolicy is invalid. Reason: Amazon SQS can't create the redrive allow policy. ${reason}`,
    )
  if (redrivePermission !== 'byQueue') {
    if (sourceQueueArns === undefined) return text
    throw no('To specify one or more source queue ARNs, you must set redrivePermission to byQueue.')
  }
  if (!sourceQueueArns?.length) {
    throw no(
      'When you specify the byQueue permission type, you must also specify one or more sourceQueueArns values.',
    )
  }
  if (sourceQueueArns.length > 10) {
    throw no('The maximum number of source queue ARNs you can specify is 10.')
  }
  return text
}

/** The redrive policy among a queue's attributes. */
export const redriveOf = ({ RedrivePolicy }: Readonly<Record<string, string>>): Redrive | undefined =>
  RedrivePolicy ? JSON.parse(RedrivePolicy) : undefined

/** Asked when a source is set up, and never again: a later change does not free a queue from its sources. */
function admits({ settings: { RedriveAllowPolicy } }: Grave, sourceArn: string): boolean {
  if (!RedriveAllowPolicy) return true
  const { redrivePermission, sourceQueueArns } = JSON.parse(RedriveAllowPolicy)
  return (
    redrivePermission === 'allowAll' ||
    (redrivePermission === 'byQueue' && sourceQueueArns.includes(sourceArn))
  )
}

function objectIn(text: string): Record<string, any> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

const isListOfTexts = (value: unknown) => Array.isArray(value) && value.every(one => typeof one === 'string')
