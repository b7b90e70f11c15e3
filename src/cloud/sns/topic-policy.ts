import { AwsError } from '../error.ts'
import { statementsOf } from '../iam/evaluate.ts'
import type { PolicyDocument, Statement } from '../iam/policy.ts'
import { validatePolicy } from '../iam/validate.ts'
import { invalidParameter } from './errors.ts'

/** What a policy may be about, after `SNS:`. `Receive` is no operation; old default policies name it. */
const ACTIONS = [
  'GetTopicAttributes',
  'SetTopicAttributes',
  'AddPermission',
  'RemovePermission',
  'DeleteTopic',
  'Subscribe',
  'ListSubscriptionsByTopic',
  'Publish',
] as const

/**
 * The policy a topic is made with. It gives nothing to the roles and users of the account, wide as it looks:
 * `AWS:SourceOwner` is known only in requests that an AWS service makes on the account's behalf, so that for everybody
 * else the condition does not hold and their own policies decide (facts: J5).
 */
export const defaultPolicy = (arn: string): string =>
  JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ACTIONS.map(action => `SNS:${action}`),
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': arn.split(':')[4] } },
      },
    ],
  })

/**
 * A policy as it is kept: checked, or the default one for an empty text. Throws `InvalidParameter`; SNS says no more
 * of a malformed policy than `Policy Error: null`.
 */
export function checkPolicy(text: string, arn: string): string {
  if (text === '') return defaultPolicy(arn)
  try {
    validatePolicy(text, 'resource')
  } catch (error) {
    if (!(error instanceof AwsError && error.code === 'MalformedPolicyDocument')) throw error
    throw invalidParameter('Policy Error: null')
  }
  for (const { Action, NotAction } of statementsOf(JSON.parse(text))) {
    if (!listOf(Action ?? NotAction ?? []).every(one => one === '*' || /^sns:/i.test(one))) throw outOfScope()
  }
  return text
}

/** The policy with one more statement. Throws `InvalidParameter` when the label is taken or an action is not SNS's. */
export function addPermission(
  policy: string,
  arn: string,
  added: {
    readonly label: string
    readonly accountIds: readonly string[]
    readonly actions: readonly string[]
  },
): string {
  const document: PolicyDocument = JSON.parse(policy)
  const statements = statementsOf(document)
  if (statements.some(({ Sid }) => Sid === added.label)) throw invalidParameter('Statement already exists')
  if (!added.actions.every(action => action === '*' || ACTIONS.includes(action as 'Publish'))) {
    throw outOfScope()
  }
  const partition = arn.split(':')[1]
  const statement: Statement = {
    Sid: added.label,
    Effect: 'Allow',
    Principal: { AWS: loneOrList(added.accountIds.map(id => `arn:${partition}:iam::${id}:root`)) },
    Action: loneOrList(added.actions.map(action => `SNS:${action}`)),
    Resource: arn,
  }
  return JSON.stringify({ ...document, Statement: [...statements, statement] })
}

/** The policy without the statement of that label; a label that is not there is no error. */
export function removePermission(policy: string, label: string): string {
  const document: PolicyDocument = JSON.parse(policy)
  return JSON.stringify({
    ...document,
    Statement: statementsOf(document).filter(({ Sid }) => Sid !== label),
  })
}

const outOfScope = () => invalidParameter('Policy statement action out of service scope!')
const loneOrList = (list: readonly string[]) => (list.length === 1 ? list[0]! : list)
const listOf = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value
