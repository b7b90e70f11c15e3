import { expect, test } from 'vitest'
import { defaultAccount } from '../account.ts'
import type { AssemblyStack } from './assembly.ts'
import { accountFor } from './assembly-account.ts'
import { objectsIn } from './assets.ts'

const stack = (stackName: string, environment: AssemblyStack['environment']): AssemblyStack => ({
  stackName,
  displayName: stackName,
  id: stackName,
  template: { Resources: {} },
  parameters: {},
  tags: {},
  environment,
  objects: objectsIn(new Map()),
  dockerImages: [],
  needs: new Set(),
})

test('stacks that ask for no place are put where the cloud is anyway', () => {
  expect(accountFor([stack('Chat', {})], defaultAccount)).toEqual({ account: defaultAccount, elsewhere: [] })
})

test('a stack that asks for a place gets it, and those that do not care come along', () => {
  const asked = { accountId: '111122223333', region: 'eu-west-1' }
  expect(accountFor([stack('Chat', asked), stack('Rooms', {})], defaultAccount)).toEqual({
    account: { accountId: '111122223333', region: 'eu-west-1', partition: 'aws', urlSuffix: 'amazonaws.com' },
    elsewhere: [],
  })
})

test('only the region, or only the account, is asked for: the other is as ever', () => {
  expect(accountFor([stack('Chat', { region: 'eu-west-1' })], defaultAccount).account).toEqual({
    ...defaultAccount,
    region: 'eu-west-1',
  })
  expect(accountFor([stack('Chat', { accountId: '111122223333' })], defaultAccount).account).toEqual({
    ...defaultAccount,
    accountId: '111122223333',
  })
})

test('of two places it is that of the stack that comes last, and the other is told', () => {
  const stacks = [stack('Edge', { region: 'us-west-2' }), stack('Chat', { region: 'eu-west-1' })]
  expect(accountFor(stacks, defaultAccount)).toMatchObject({
    account: { region: 'eu-west-1' },
    elsewhere: ['Edge asks for us-west-2; here it runs in eu-west-1 of the account 123456789012.'],
  })
})

test.for([
  ['cn-north-1', 'aws-cn', 'amazonaws.com.cn'],
  ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com'],
])('%s is in the partition %s', ([region = '', partition, urlSuffix]) => {
  expect(accountFor([stack('Chat', { region })], defaultAccount).account).toMatchObject({
    region,
    partition,
    urlSuffix,
  })
})
