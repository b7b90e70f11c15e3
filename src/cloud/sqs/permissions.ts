import type { Statement } from '../iam/policy.ts'
import type { Input } from './access.ts'
import { invalidParameter, missingParameter, refusal } from './errors.ts'
import type { StoredQueue } from './queue.ts'
import type { QueueStore } from './store.ts'

/** SQS's quota on the actions of one permission. */
const MAX_ACTIONS = 7

/** Writes a statement into the queue's policy, in the form that AWS gives it: measured. */
export function addPermission(
  store: QueueStore,
  queue: StoredQueue,
  { Label, AWSAccountIds = [], Actions = [] }: Input,
): void {
  if (!Label) throw missingParameter('Label')
  if (AWSAccountIds.length === 0) throw missingParameter('AWSAccountIds')
  if (Actions.length === 0) throw missingParameter('Actions')
  if (Actions.length > MAX_ACTIONS) {
    throw refusal(
      'OverLimit',
      `${Actions.length} Actions were found, maximum allowed is ${MAX_ACTIONS}.`,
      'OverLimit',
      403,
    )
  }
  for (const action of Actions) checkAction(action)
  for (const account of AWSAccountIds) checkAccount(account)
  const statements = statementsOf(queue)
  if (statements.some(({ Sid }) => Sid === Label)) {
    throw invalidParameter(`Value ${Label} for parameter Label is invalid. Reason: Already exists.`)
  }
  const { partition } = store.account
  const added: Statement = {
    Sid: Label,
    Effect: 'Allow',
    Principal: { AWS: oneOrMany(AWSAccountIds.map((id: string) => `arn:${partition}:iam::${id}:root`)) },
    Action: oneOrMany(Actions.map((action: string) => `SQS:${action}`)),
    Resource: queue.arn,
  }
  write(store, queue, [...statements, added])
}

/** Takes it out again; without a statement there is no policy. */
export function removePermission(store: QueueStore, queue: StoredQueue, { Label }: Input): void {
  if (!Label) throw missingParameter('Label')
  const statements = statementsOf(queue)
  const left = statements.filter(({ Sid }) => Sid !== Label)
  if (left.length === statements.length) {
    throw invalidParameter(`Value ${Label} for parameter Label is invalid. Reason: can't find label.`)
  }
  write(store, queue, left)
}

function write(store: QueueStore, queue: StoredQueue, statements: readonly Statement[]): void {
  const { Version = '2008-10-17', Id = `${queue.arn}/SQSDefaultPolicy` } = queue.policy ?? {}
  const Policy = statements.length === 0 ? '' : JSON.stringify({ Version, Id, Statement: statements })
  store.change(queue, { Policy })
}

function statementsOf({ policy }: StoredQueue): readonly Statement[] {
  const statements = policy?.Statement ?? []
  return Array.isArray(statements) ? statements : [statements as Statement]
}

/** The actions that can be given away; AWS's guide lists them, with a star for all. */
const GRANTABLE = [
  '*',
  'SendMessage',
  'SendMessageBatch',
  'ReceiveMessage',
  'DeleteMessage',
  'DeleteMessageBatch',
  'ChangeMessageVisibility',
  'ChangeMessageVisibilityBatch',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
]

function checkAction(action: string): void {
  if (GRANTABLE.includes(action)) return
  throw invalidParameter(
    `Value SQS:${action} for parameter ActionName is invalid. Reason: Please refer to the appropriate WSDL for a list of valid actions. `,
  )
}

function checkAccount(accountId: string): void {
  if (/^\d{12}$/.test(accountId)) return
  throw invalidParameter(`Value ${accountId} for parameter PrincipalId is invalid. Reason: Unable to verify.`)
}

const oneOrMany = (values: readonly string[]) => (values.length === 1 ? values[0]! : values)
