import { expect, test } from 'vitest'
import type { ResourceType } from './resource.ts'
import { thing, thingStacks } from './thing.fixture.ts'

test('what is new is told twice: first without its physical id, then with it', async () => {
  const { stacks, deploy } = thingStacks()
  const { stack } = await deploy({ Resources: { Room: thing({ Key: 'a' }) } })

  await deploy({ Resources: { Room: thing({ Key: 'b' }) } })

  const told = stacks
    .describe(stack.stackId)
    .events.filter(one => one.logicalResourceId === 'Room' && /^(CREATE|UPDATE)/.test(one.resourceStatus))
  expect(told.map(one => [one.resourceStatus, one.physicalResourceId, one.resourceStatusReason])).toEqual([
    ['CREATE_IN_PROGRESS', '', undefined],
    ['CREATE_IN_PROGRESS', 'Room-1', 'Resource creation Initiated'],
    ['CREATE_COMPLETE', 'Room-1', undefined],
    [
      'UPDATE_IN_PROGRESS',
      'Room-1',
      expect.stringMatching(/^Requested update requires the creation of a new physical resource/),
    ],
    ['UPDATE_IN_PROGRESS', 'Room-2', 'Resource creation Initiated'],
    ['UPDATE_COMPLETE', 'Room-2', undefined],
  ])
})

test('a custom-named resource is not replaced under its name, and the stack can be updated again', async () => {
  const { stacks, deploy, took } = thingStacks()
  const named = (key: string, name: string) => ({ Resources: { Room: thing({ Key: key, Name: name }) } })
  await deploy(named('a', 'hall'))
  took()

  await expect(deploy(named('b', 'hall'))).rejects.toThrow(
    'CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename hall and update the stack again.',
  )

  expect(took()).toEqual([])
  expect(stacks.describe('Chat').status).toBe('UPDATE_ROLLBACK_COMPLETE')
  await deploy(named('b', 'yard'))
  expect(took()).toEqual(['create Room-2', 'delete Room-1'])
})

test('a property that AWS never changes fails the update, which is rolled back', async () => {
  const { stacks, deploy } = thingStacks()
  await deploy({ Resources: { Room: thing({ Born: 1 }) } })

  await expect(deploy({ Resources: { Room: thing({ Born: 2 }) } })).rejects.toThrow(
    'Updates are not allowed for property - Born.',
  )

  expect(stacks.describe('Chat').status).toBe('UPDATE_ROLLBACK_COMPLETE')
})

test('a property that replaces only sometimes looks at how it changed', async () => {
  const { deploy, took } = thingStacks()
  await deploy({ Resources: { Room: thing() } })
  await deploy({ Resources: { Room: thing({ Sort: 'S' }) } })
  expect(took()).toEqual(['create Room-1', 'update Room-1 undefined → undefined'])

  await deploy({ Resources: { Room: thing({ Sort: 'N' }) } })

  expect(took()).toEqual(['create Room-2', 'delete Room-1'])
})

test('a rollback that failed is gone on with, or the resource that stops it is skipped', async () => {
  // A kind that refuses to go back while it is told to.
  const stuck = new Set<string>()
  const base = thingStacks()
  const plain = base.types.get('Test::Thing')!
  const heavy: ResourceType = {
    ...plain,
    type: 'Test::Heavy',
    update(request, existing) {
      if (stuck.has(String(request.properties.Value))) throw new Error('too heavy to go back')
      return { physicalId: existing.physicalId, attributes: { Value: request.properties.Value } }
    },
  }
  const { stacks, deploy } = thingStacks({ types: [plain, heavy] })
  const template = (value: string, broken?: string) => ({
    Resources: {
      Heavy: { Type: 'Test::Heavy', Properties: { Value: value } },
      Light: thing(broken === undefined ? {} : { Broken: broken }, { DependsOn: 'Heavy' }),
    },
  })
  const status = () => stacks.describe('Chat').status
  const value = () =>
    stacks.describe('Chat').resources.find(one => one.logicalId === 'Heavy')!.properties.Value
  await deploy(template('old'))
  await expect(stacks.continueRollback('Chat', [])).rejects.toThrow(
    'is in CREATE_COMPLETE state and can not be rolled back.',
  )

  stuck.add('old')
  await expect(deploy(template('new', 'no'))).rejects.toThrow('no')
  expect(status()).toBe('UPDATE_ROLLBACK_FAILED')
  await expect(stacks.continueRollback('Chat', [])).rejects.toThrow('too heavy to go back')
  await expect(stacks.continueRollback('Chat', ['Nobody'])).rejects.toThrow('[Nobody]')
  stuck.clear()
  await stacks.continueRollback('Chat', [])
  expect([status(), value()]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 'old'])

  stuck.add('old')
  await expect(deploy(template('new', 'no'))).rejects.toThrow('no')
  await stacks.continueRollback('Chat', ['Heavy'])
  expect([status(), value()]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 'new'])
  await deploy(template('newer'))
  expect(status()).toBe('UPDATE_COMPLETE')
})
