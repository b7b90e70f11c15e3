import type { Account } from '../account.ts'
import type { Call } from '../service.ts'
import { invalidParameter } from './errors.ts'

/** Where a queue is: what is left of its URL without the host. */
export interface Address {
  readonly accountId: string
  readonly name: string
}

/** The name's end that makes a FIFO queue. */
export const FIFO = '.fifo'

export const queueArn = ({ partition, region }: Account, { accountId, name }: Address): string =>
  `arn:${partition}:sqs:${region}:${accountId}:${name}`

export const queueUrl = ({ region, urlSuffix }: Account, { accountId, name }: Address): string =>
  `https://sqs.${region}.${urlSuffix}/${accountId}/${name}`

/**
 * The URL of a queue as somebody is told it, at the address by which they have asked: AWS does so for its older names of
 * SQS. SDKs go where the URL says, so a client that has come by `http://localhost:PORT` must not be sent to AWS.
 */
export const urlFor = ({ wire, account }: Call, { url }: { readonly url: string }): string =>
  wire.host.endsWith(`.${account.urlSuffix}`) ? url : `http://${wire.headers.host}${new URL(url).pathname}`

/**
 * The queue that a URL, a path, or, as AWS allows, a bare name stands for; undefined when it stands for none. The
 * host does not matter: people reach the same queue by several.
 */
export function addressIn(text: unknown, account: Account): Address | undefined {
  if (typeof text !== 'string') return undefined
  const path = text.replace(/^\w+:\/\/[^/?#]*/, '').replace(/[?#].*$/s, '')
  const [name, accountId = account.accountId] = path.split('/').filter(Boolean).reverse()
  return name === undefined ? undefined : { accountId, name }
}

/** Throws InvalidParameterValue. The end `.fifo` counts towards SQS's quota of 80 characters. */
export function checkQueueName(name: unknown, isFifo: boolean): asserts name is string {
  if (name === undefined) {
    throw invalidParameter('Value for parameter QueueName is invalid. Reason: Must specify a queue name.')
  }
  if (name === '') throw invalidParameter('Queue name cannot be empty.')
  const text = String(name)
  if (isFifo && !(/^[\w-]+\.fifo$/.test(text) && text.length <= 80)) {
    throw invalidParameter(
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.',
    )
  }
  if (!isFifo && !/^[\w-]{1,80}$/.test(text)) {
    throw invalidParameter(
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    )
  }
}
