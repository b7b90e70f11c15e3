import { AwsError } from '../error.ts'

/** SNS's one answer to most of what it does not like: `Invalid parameter: Topic Name`. */
export const invalidParameter = (what: string) =>
  new AwsError('InvalidParameter', `Invalid parameter: ${what}`)

/** The refusal for a member that has to be there. */
export const missing = (parameter: string) =>
  invalidParameter(`${parameter} Reason: no value for required parameter`)

/** The refusal for a message attribute that breaks a rule of its own. */
export const invalidAttribute = (message: string) => new AwsError('ParameterValueInvalid', message)

export const noTopic = () => new AwsError('NotFound', 'Topic does not exist', 404)
export const noSubscription = () => new AwsError('NotFound', 'Subscription does not exist', 404)
