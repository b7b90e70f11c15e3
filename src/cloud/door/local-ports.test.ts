import { expect, onTestFinished, test } from 'vitest'
import type { ResourceType } from '../cloudformation/resource.ts'
import { askNobody } from '../cloudformation/rights.ts'
import { openLocalPorts } from './local-ports.ts'

/** A resource type whose physical ids are the names given. */
const named: ResourceType = {
  type: 'AWS::Test::Named',
  rights: askNobody,
  properties: { Name: 'replace' },
  create: ({ properties }) => ({ physicalId: properties.Name, attributes: {} }),
}

async function ports(firstPort?: number, elsewhere?: ReadonlyMap<string, number>) {
  const local = await openLocalPorts(
    host => ({ request: (_, response) => void response.end(host), upgrade: (_, socket) => socket.destroy() }),
    firstPort,
    elsewhere,
  )
  onTestFinished(local.close)
  const apis = local.around(named, { of: id => `${id}.example.test`, first: true })
  const domains = local.around(named, { of: id => id })
  const create = (type: ResourceType, Name: string) =>
    type.create({ stackName: 's', logicalId: 'n', properties: { Name }, inventName: () => '' })
  return { local, apis, domains, create }
}

test('each host has a port at which everybody means it, until it goes', async () => {
  const { local, domains, create } = await ports()
  await create(domains, 'ws.example.com')
  const address = local.toLocal('https://ws.example.com')
  expect(address).toMatch(/^http:\/\/localhost:\d+$/)
  expect(await (await fetch(address)).text()).toBe('ws.example.com')
  await domains.delete?.({ physicalId: 'ws.example.com', attributes: {}, properties: {}, logicalId: 'n' })
  expect(local.toLocal('https://ws.example.com')).toBe('https://ws.example.com')
  await expect(fetch(address)).rejects.toThrow()
})

test("the port that was asked for is the first API's, though a domain comes before it", async () => {
  const free = await ports()
  await free.create(free.apis, 'any')
  const port = Number(new URL(free.local.toLocal('https://any.example.test')).port)
  await free.local.close()

  const { local, apis, domains, create } = await ports(port)
  await create(domains, 'ws.example.com')
  await create(apis, 'chat')
  expect(local.toLocal('wss://chat.example.test/live')).toBe(`ws://localhost:${port}/live`)
  expect(local.toLocal('wss://ws.example.com')).not.toContain(`:${port}`)
})

test('in a text the addresses of hosts here are replaced, and no others', async () => {
  const { local, domains, create } = await ports()
  await create(domains, 'ws.example.com')
  const { port } = new URL(local.toLocal('https://ws.example.com'))
  expect(
    local.toLocal('At wss://ws.example.com/a, https://ws.example.com:443?x and wss://ws.example.com.'),
  ).toBe(`At ws://localhost:${port}/a, http://localhost:${port}?x and ws://localhost:${port}.`)
  for (const other of [
    'wss://ws.example.community',
    'wss://ws.example.com.au',
    'wss://ws.example.com-mon',
    'wss://ws.example.com:8443',
    'wss://my.ws.example.com',
    'http://ws.example.com',
  ]) {
    expect(local.toLocal(other)).toBe(other)
  }
})

test('hosts that have a port elsewhere are replaced by that, with what stands behind them', async () => {
  const { local } = await ports(0, new Map([['sqs.us-east-1.amazonaws.com', 4566]]))
  expect(local.toLocal('At https://sqs.us-east-1.amazonaws.com/123456789012/q.fifo')).toBe(
    'At http://localhost:4566/123456789012/q.fifo',
  )
  const other = 'https://sqs.eu-west-1.amazonaws.com/123456789012/q'
  expect(local.toLocal(other)).toBe(other)
})
