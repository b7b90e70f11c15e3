import type { Account } from '../../account.ts'
import type { WireRequest } from '../../service.ts'
import type { NewMessage } from '../../sqs/queues.ts'

/** SNS's Publish as an HTTP request of the Query protocol. */
export function publishWire(topicArn: string, message: NewMessage, account: Account): WireRequest {
  const form = new URLSearchParams({
    Action: 'Publish',
    Version: '2010-03-31',
    TopicArn: topicArn,
    Message: message.body,
  })
  for (const [i, [name, { DataType, StringValue = '' }]] of Object.entries(
    message.attributes ?? {},
  ).entries()) {
    const entry = `MessageAttributes.entry.${i + 1}`
    form.set(`${entry}.Name`, name)
    form.set(`${entry}.Value.DataType`, DataType)
    form.set(`${entry}.Value.StringValue`, StringValue)
  }
  return {
    method: 'POST',
    target: '/',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: Buffer.from(form.toString()),
    host: `sns.${account.region}.${account.urlSuffix}`,
    sourceIp: '127.0.0.1',
  }
}
