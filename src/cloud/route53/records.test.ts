import { expect, test } from 'vitest'
import { route53Resources } from './records.ts'

const create = (name: string, properties: object) =>
  route53Resources
    .find(({ type }) => type === `AWS::Route53::${name}`)!
    .create({ stackName: 's', logicalId: 'r', properties, inventName: () => '' })

test('a zone has an id and name servers, and a record is known by its name', async () => {
  const { physicalId, attributes } = await create('HostedZone', { Name: 'example.com.' })
  expect(physicalId).toMatch(/^Z[A-Z0-9]{20}$/)
  expect(attributes).toEqual({ Id: physicalId, NameServers: expect.objectContaining({ length: 4 }) })
  expect(await create('RecordSet', { Name: 'ws.example.com.', Type: 'A' })).toEqual({
    physicalId: 'ws.example.com.',
    attributes: {},
  })
})
