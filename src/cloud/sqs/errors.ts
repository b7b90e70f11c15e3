import { AwsError } from '../error.ts'

/**
 * A refusal of SQS's own. It has two names: `shape` is what the JSON protocol has in `__type`, `code` what the Query
 * protocol calls it; JSON clients find the latter in a header and use it (facts: J4).
 */
export const refusal = (shape: string, message: string, code = shape, status = 400) =>
  named(`com.amazonaws.sqs#${shape}`, code, message, status)

/** A parameter that SQS will not take: measured on AWS as `com.amazon.coral.service#InvalidParameterValueException`. */
export const invalidParameter = (message: string) =>
  named('com.amazon.coral.service#InvalidParameterValueException', 'InvalidParameterValue', message, 400)

/** A parameter that is not there. */
export const missingParameter = (name: string) =>
  named(
    'com.amazon.coral.service#MissingRequiredParameterException',
    'MissingParameter',
    `The request must contain the parameter ${name}.`,
    400,
  )

/** A member that is not of its kind: measured, but for the message, which is ours. */
export const malformed = (member: string) =>
  named(
    'com.amazon.coral.service#SerializationException',
    'MalformedInput',
    `${member} is not of the expected type.`,
    400,
  )

/** No queue has this URL, name or ARN. The Query protocol words it differently (query-form.ts). */
export const noSuchQueue = () =>
  refusal(
    'QueueDoesNotExist',
    'The specified queue does not exist.',
    'AWS.SimpleQueueService.NonExistentQueue',
  )

/** A parameter that only the other kind of queue takes. "include" is AWS's. */
export const wrongForThisQueue = (name: string, value: unknown) =>
  invalidParameter(
    `Value ${value} for parameter ${name} is invalid. Reason: The request include parameter that is not valid for this queue type.`,
  )

/** IAM's no to a call (facts: J4). */
export const accessDenied = (message: string) =>
  new AwsError('AccessDenied', message, 403, {
    __type: 'com.amazon.coral.service#AccessDeniedException',
    messageKey: 'Message',
    headers: { 'x-amzn-query-error': 'AccessDenied;Sender' },
  })

const named = (type: string, code: string, message: string, status: number) =>
  new AwsError(code, message, status, {
    __type: type,
    headers: { 'x-amzn-query-error': `${code};Sender` },
  })
