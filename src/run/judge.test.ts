import { createServer } from 'node:net'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { expect, test } from 'vitest'
import { type Criterion, type Deployment, Unmet } from '#kit'
import type { Starvation } from '../machine/starvation.ts'
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

/** What comes of a probe that fails for want of time, on a machine that was starved in the tries that are said. */
async function judgedWhen(starved: readonly boolean[], probe: Criterion['probe']) {
  let tries = 0
  const measure = (): Starvation => {
    const isSo = starved[tries++]
    return { read: () => ({ elapsed: 9_000, ran: 1_000, waited: isSo ? 7_000 : 0 }), end: () => {} }
  }
  const deployment: Deployment = {
    outputs: {},
    resources: [],
    apiHosts: [],
    aws: { region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } },
    accountId: '123456789012',
    patience: 10,
    destroy: async () => {},
  }
  const criterion = { id: 'one', says: 'One', hint: 'docs/x.md', probe }
  const finding = await judge(criterion, deployment, [], undefined as unknown as Equipment, measure)
  return { finding, tries }
}

const comesTooLate: Criterion['probe'] = ({ eventually }) =>
  eventually(
    'an answer',
    () => new Promise<undefined>(resolve => setTimeout(() => resolve(undefined), 20)),
  ).then(() => {})

test('what comes too late on a starved machine, twice, says nothing about the stack', async () => {
  const { finding, tries } = await judgedWhen([true, true], comesTooLate)
  expect(tries).toBe(2)
  expect(finding).toMatchObject({
    verdict: 'error',
    means: expect.stringMatching(
      /^This machine is too busy to tell: of 9\.0 s the check itself waited for a processor 7\.0 s/,
    ),
  })
})

test('what comes too late on a machine that has time is not fixed yet', async () => {
  const { finding, tries } = await judgedWhen([false], comesTooLate)
  expect({ tries, verdict: finding.verdict }).toEqual({ tries: 1, verdict: 'fail' })
})

test('what comes too late once, and in time when it is tried again, is kept', async () => {
  let isFirst = true
  const { finding, tries } = await judgedWhen([true, true], async scene => {
    if (isFirst) await comesTooLate(scene).finally(() => (isFirst = false))
  })
  expect({ tries, verdict: finding.verdict }).toEqual({ tries: 2, verdict: 'pass' })
})

test('what is wrong whatever the time is not tried again, however busy the machine', async () => {
  const { finding, tries } = await judgedWhen([true], async () => {
    throw new Unmet({ expected: 'one', observed: 'two' })
  })
  expect({ tries, verdict: finding.verdict }).toEqual({ tries: 1, verdict: 'fail' })
})
