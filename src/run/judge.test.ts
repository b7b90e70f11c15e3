import { createServer } from 'node:net'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { expect, test } from 'vitest'
import type { Criterion, Deployment } from '#kit'
import type { Equipment } from '../probe/equipment.ts'
import { judge } from './judge.ts'

/** A port at which nobody answers any more. */
async function deadPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  return port
}

/** What comes of a probe on a stack that is at a port where nobody answers. */
async function judged(probe: (port: number) => Criterion['probe']) {
  const port = await deadPort()
  const deployment: Deployment = {
    outputs: { Url: `ws://127.0.0.1:${port}/live` },
    resources: [],
    apiHosts: [`127.0.0.1:${port}`],
    aws: {
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    },
    accountId: '123456789012',
    patience: 1_000,
    destroy: async () => {},
  }
  const criterion = { id: 'one', says: 'One', hint: '', probe: probe(port) }
  return judge(criterion, deployment, [], undefined as unknown as Equipment)
}

test.each<readonly [string, (port: number) => Criterion['probe']]>([
  [
    'socket',
    () =>
      async ({ connect }) =>
        void (await connect('ana')),
  ],
  ['request', port => async () => void (await fetch(`http://127.0.0.1:${port}`))],
  [
    'call of AWS',
    () =>
      async ({ aws }) =>
        void (await aws(SQSClient, { maxAttempts: 1 }).send(
          new SendMessageCommand({ QueueUrl: 'http://127.0.0.1/q', MessageBody: 'x' }),
        )),
  ],
])('a %s that finds no connection to the stack says nothing about the stack', async (_, probe) => {
  expect(await judged(probe)).toMatchObject({
    verdict: 'error',
    observed: expect.stringContaining('ECONNREFUSED'),
    means: expect.stringMatching(/^The connection between the check and the stack failed/),
  })
})
