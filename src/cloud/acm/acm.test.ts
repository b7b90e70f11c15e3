import { expect, test } from 'vitest'
import { defaultAccount } from '../account.ts'
import { startAcm } from './acm.ts'

const acm = startAcm(defaultAccount)
const [type] = acm.resources
const create = (properties: object) =>
  type!.create({ stackName: 's', logicalId: 'c', properties, inventName: () => '' })

test('a certificate is issued at once, and known by its ARN for the names it is good for', async () => {
  const properties = { DomainName: 'example.com', SubjectAlternativeNames: ['*.example.com'] }
  const { physicalId, attributes } = await create(properties)
  expect(physicalId).toMatch(/^arn:aws:acm:us-east-1:123456789012:certificate\/[0-9a-f-]{36}$/)
  expect(attributes).toEqual({ CertificateArn: physicalId })
  expect(acm.certificateNames(physicalId)).toEqual(['example.com', '*.example.com'])

  await type!.delete?.({ physicalId, attributes, properties, logicalId: 'c' })
  expect(acm.certificateNames(physicalId)).toBeUndefined()
})

test.for([undefined, 'localhost', 'a.*.example.com', '-a.example.com'])(
  'no certificate is for %s',
  async name => {
    await expect(async () => create({ DomainName: name })).rejects.toThrow(`Invalid domain name: ${name}`)
  },
)
