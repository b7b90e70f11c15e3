import { AwsError } from '../error.ts'

/** EventBridge's refusals, in its own words. */
export const invalid = (message: string) => new AwsError('ValidationException', message)

export const noBus = (name: string) =>
  new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`)

export const noRule = (name: string, busName: string) =>
  new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${busName}.`)

export const invalidPattern = (reason: string) =>
  new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`)
