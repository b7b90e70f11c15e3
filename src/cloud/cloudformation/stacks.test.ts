import { expect, test } from 'vitest'
import { askNobody } from './rights.ts'
import { StackFailed } from './stacks.ts'
import { getValue, thing, thingStacks } from './thing.fixture.ts'

const outputsOf = (stack: { outputs: readonly { key: string; value: string }[] }) =>
  Object.fromEntries(stack.outputs.map(({ key, value }) => [key, value]))

test('a stack is made in the order of its references, and says so', async () => {
  const { deploy, took, history } = thingStacks()

  const { outcome, stack } = await deploy({
    Description: 'a chat',
    Resources: {
      Stage: thing({ Value: { 'Fn::Sub': '${Api}' } }, { DependsOn: 'Route' }),
      Route: thing({ Value: { 'Fn::GetAtt': ['Say', 'Arn'] } }, { DependsOn: ['Api'] }),
      Say: thing(),
      Api: thing(),
    },
    Outputs: { Url: { Value: { 'Fn::Join': ['', ['wss://', getValue('Stage')]] }, Description: 'where' } },
  })

  expect(outcome).toBe('created')
  expect(took()).toEqual(['create Say-1', 'create Api-2', 'create Route-3', 'create Stage-4'])
  expect(stack).toMatchObject({
    status: 'CREATE_COMPLETE',
    description: 'a chat',
    outputs: [{ key: 'Url', value: 'wss://Api-2', description: 'where' }],
  })
  expect(stack.stackId).toMatch(/^arn:aws:cloudformation:us-east-1:123456789012:stack\/Chat\/[0-9a-f-]{36}$/)
  expect(stack.resources.map(({ logicalId, physicalId }) => `${logicalId}=${physicalId}`)).toEqual([
    'Say=Say-1',
    'Api=Api-2',
    'Route=Route-3',
    'Stage=Stage-4',
  ])
  const expected = [
    'Chat CREATE_IN_PROGRESS',
    'Say CREATE_IN_PROGRESS',
    'Api CREATE_IN_PROGRESS',
    'Say CREATE_IN_PROGRESS',
    'Say CREATE_COMPLETE',
    'Api CREATE_IN_PROGRESS',
    'Api CREATE_COMPLETE',
    'Route CREATE_IN_PROGRESS',
    'Route CREATE_IN_PROGRESS',
    'Route CREATE_COMPLETE',
    'Stage CREATE_IN_PROGRESS',
    'Stage CREATE_IN_PROGRESS',
    'Stage CREATE_COMPLETE',
    'Chat CREATE_COMPLETE',
  ]
  expect(history()).toEqual(expected)
  expect(stack.events.map(one => `${one.logicalResourceId} ${one.resourceStatus}`)).toEqual(expected)
  expect(stack.events.at(-1)).toMatchObject({
    resourceType: 'AWS::CloudFormation::Stack',
    physicalResourceId: stack.stackId,
  })
})

test('what comes first is made before all that does not need it, unless it needs something itself', async () => {
  const { deploy, took } = thingStacks()
  const early = (DependsOn: string[] = []) => ({ Type: 'Test::Early', DependsOn })
  await deploy({ Resources: { A: thing(), B: thing({ Value: { Ref: 'A' } }), Last: early() } })
  expect(took()).toEqual(['create Last-1', 'create A-2', 'create B-3'])
  await deploy({
    Resources: { A: thing(), B: thing({ Value: { Ref: 'A' } }), Last: early(), C: early(['A']) },
  })
  expect(took()).toEqual(['create C-4'])
})

test('deleting goes the other way, and the stack is still known by its ARN', async () => {
  const { stacks, deploy, took } = thingStacks()
  const { stack } = await deploy({ Resources: { Say: thing({ Value: { Ref: 'Role' } }), Role: thing() } })
  took()

  await stacks.delete('Chat')

  expect(took()).toEqual(['delete Say-2', 'delete Role-1'])
  expect(stacks.list()).toEqual([])
  expect(() => stacks.describe('Chat')).toThrow('Stack with id Chat does not exist')
  expect(stacks.describe(stack.stackId)).toMatchObject({
    status: 'DELETE_COMPLETE',
    outputs: [],
    resources: [],
  })
  await stacks.delete('Chat')
})

test('an unchanged stack is left alone', async () => {
  const { stacks, deploy, took } = thingStacks()
  const template = { Resources: { Say: thing({ Value: 1 }) }, Outputs: { Id: { Value: { Ref: 'Say' } } } }
  await deploy(template)
  took()

  expect((await deploy(structuredClone(template))).outcome).toBe('unchanged')
  await expect(stacks.update({ stackName: 'Chat', template })).rejects.toMatchObject({
    code: 'ValidationError',
    message: 'No updates are to be performed.',
  })
  await expect(stacks.create({ stackName: 'Chat', template })).rejects.toMatchObject({
    code: 'AlreadyExistsException',
    message: 'Stack [Chat] already exists',
  })
  expect(took()).toEqual([])
})

test('an update changes what differs and what hangs on it, and nothing else', async () => {
  const { deploy, took } = thingStacks()
  const template = (value: number) => ({
    Resources: {
      Role: thing({ Value: value }),
      Say: thing({ Value: getValue('Role') }),
      Other: thing({ Value: { Ref: 'Role' } }),
    },
    Outputs: { Value: { Value: getValue('Say') } },
  })
  await deploy(template(1))
  took()

  const { outcome, stack } = await deploy(template(2))

  expect(outcome).toBe('updated')
  expect(took()).toEqual(['update Role-1 1 → 2', 'update Say-2 1 → 2'])
  expect(outputsOf(stack)).toEqual({ Value: '2' })
  expect(stack.status).toBe('UPDATE_COMPLETE')
})

test('a replacement is made first, its dependants follow, and the old one goes last', async () => {
  const { deploy, took, history } = thingStacks()
  const template = (key: string) => ({
    Resources: { Room: thing({ Key: key }), Say: thing({ Value: { Ref: 'Room' } }) },
  })
  await deploy(template('a'))
  took()
  const before = history().length

  await deploy(template('b'))

  expect(took()).toEqual(['create Room-3', 'update Say-2 Room-1 → Room-3', 'delete Room-1'])
  expect(history().slice(before)).toEqual([
    'Chat UPDATE_IN_PROGRESS',
    'Room UPDATE_IN_PROGRESS',
    'Room UPDATE_IN_PROGRESS',
    'Room UPDATE_COMPLETE',
    'Say UPDATE_IN_PROGRESS',
    'Say UPDATE_COMPLETE',
    'Chat UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'Room DELETE_IN_PROGRESS',
    'Room DELETE_COMPLETE',
    'Chat UPDATE_COMPLETE',
  ])
})

test('a type that cannot be changed is replaced; a harmless change is only written down', async () => {
  const { stacks, deploy, took } = thingStacks()
  const template = (value: string, note: string) => ({
    Resources: {
      Fixed: { Type: 'Test::Fixed', Properties: { Value: value } },
      Say: thing({ Value: 'same', Note: note }),
    },
  })
  await deploy(template('a', 'x'))
  took()

  await deploy(template('b', 'y'))
  expect(took()).toEqual(['create Fixed-3', 'delete Fixed-1'])
  expect((await deploy(template('b', 'y'))).outcome).toBe('unchanged')
  expect(stacks.describe('Chat').resources.map(({ physicalId }) => physicalId)).toEqual(['Fixed-3', 'Say-2'])
})

test('resources come and go with an update, and with a condition', async () => {
  const { deploy, took } = thingStacks()
  const template = {
    Parameters: { Mode: { Type: 'String', Default: 'dev' } },
    Conditions: { Prod: { 'Fn::Equals': [{ Ref: 'Mode' }, 'prod'] } },
    Resources: {
      Alarm: thing({}, { Condition: 'Prod' }),
      Say: thing({ Value: { 'Fn::If': ['Prod', { Ref: 'Alarm' }, 'none'] } }, { DependsOn: 'Alarm' }),
    },
    Outputs: { Alarm: { Value: { Ref: 'Alarm' }, Condition: 'Prod' }, Say: { Value: getValue('Say') } },
  }
  expect(outputsOf((await deploy(template)).stack)).toEqual({ Say: 'none' })
  const prod = (await deploy(template, { parameters: { Mode: 'prod' } })).stack
  expect(outputsOf(prod)).toEqual({ Say: 'Alarm-2', Alarm: 'Alarm-2' })
  expect(prod.parameters).toEqual({ Mode: 'prod' })
  expect(outputsOf((await deploy(template)).stack)).toEqual({ Say: 'none' })

  expect(took()).toEqual([
    'create Say-1',
    'create Alarm-2',
    'update Say-1 none → Alarm-2',
    'update Say-1 Alarm-2 → none',
    'delete Alarm-2',
  ])
})

test('when one fails, everything is taken back and the first failure is the reason', async () => {
  const { stacks, deploy, took, history } = thingStacks()
  const template = {
    Resources: {
      Role: thing(),
      Say: thing({ Value: { Ref: 'Role' }, Broken: 'the handler is missing' }),
      Twin: thing({ Value: { Ref: 'Role' } }),
      Also: thing({ Value: { Ref: 'Role' }, Broken: 'me too' }),
      Never: thing({ Value: { Ref: 'Say' } }),
    },
  }

  const failure = await deploy(template).catch(error => error)

  expect(failure).toBeInstanceOf(StackFailed)
  expect(failure).toMatchObject({
    stackName: 'Chat',
    logicalId: 'Say',
    type: 'Test::Thing',
    reason: 'the handler is missing',
    message: 'Chat/Say (Test::Thing): the handler is missing',
    cause: new Error('the handler is missing'),
  })
  expect(failure.events.length).toBe(history().length)
  expect(took()).toEqual(['create Role-1', 'create Twin-2', 'delete Twin-2', 'delete Role-1'])
  expect(stacks.describe('Chat')).toMatchObject({ status: 'ROLLBACK_COMPLETE', resources: [], outputs: [] })
  expect(
    stacks.describe('Chat').events.find(one => one.resourceStatus === 'ROLLBACK_IN_PROGRESS'),
  ).toMatchObject({
    resourceStatusReason:
      'The following resource(s) failed to create: [Say, Also]. Rollback requested by user.',
  })
  expect(history()).not.toContain('Never CREATE_IN_PROGRESS')
})

test('a rolled back stack cannot be updated, but deployed anew', async () => {
  const { stacks, deploy } = thingStacks()
  await expect(deploy({ Resources: { Say: thing({ Broken: 'no' }) } })).rejects.toThrow('no')
  const fixed = { Resources: { Say: thing() } }

  await expect(stacks.update({ stackName: 'Chat', template: fixed })).rejects.toThrow(
    /^Stack:arn:.* is in ROLLBACK_COMPLETE state and can not be updated\.$/,
  )
  expect(await deploy(fixed)).toMatchObject({ outcome: 'created', stack: { status: 'CREATE_COMPLETE' } })
})

test('an update that fails is taken back: changed, replaced and new resources alike', async () => {
  const { stacks, deploy, took, history } = thingStacks()
  const before = {
    Resources: {
      Role: thing({ Value: 1 }),
      Room: thing({ Key: 'a' }),
      Say: thing({ Value: { Ref: 'Room' } }),
    },
    Outputs: { Room: { Value: getValue('Say') } },
  }
  await deploy(before)
  took()

  const failure = await deploy({
    Resources: {
      Role: thing({ Value: 2 }),
      Room: thing({ Key: 'b' }),
      New: thing(),
      Say: thing({ Value: { Ref: 'Room' }, Broken: 'no' }, { DependsOn: 'New' }),
    },
  }).catch(error => error)

  expect(failure).toMatchObject({ logicalId: 'Say', reason: 'no' })
  expect(took()).toEqual([
    'update Role-1 1 → 2',
    'create Room-4',
    'create New-5',
    'update Say-3 Room-2 → Room-4',
    'update Say-3 Room-4 → Room-2',
    'update Role-1 2 → 1',
    'delete New-5',
    'delete Room-4',
  ])
  const stack = stacks.describe('Chat')
  expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE')
  expect(outputsOf(stack)).toEqual({ Room: 'Room-2' })
  expect(stack.resources.map(({ physicalId }) => physicalId).sort()).toEqual(['Role-1', 'Room-2', 'Say-3'])
  expect(history()).toContain('Chat UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS')
  expect((await deploy(before)).outcome, 'it is what it was').toBe('unchanged')
})

test('an attribute that there is not is found at the latest when it is asked for', async () => {
  const { deploy, took } = thingStacks()
  await expect(
    deploy({ Resources: { A: thing(), B: thing({ Value: { 'Fn::GetAtt': ['A', 'Nope'] } }) } }),
  ).rejects.toMatchObject({
    logicalId: 'B',
    reason: 'Template error: resource A does not support attribute type Nope in Fn::GetAtt',
  })
  expect(took()).toEqual(['create A-1', 'delete A-1'])
})

test('an output that asks for an attribute that there is not rolls the stack back, with nothing made', async () => {
  const { stacks, deploy, took, history } = thingStacks()
  const template = (attribute: string) => ({
    Resources: { A: { Type: 'Test::Fixed' } },
    Outputs: { O: { Value: { 'Fn::GetAtt': ['A', attribute] } } },
  })

  await expect(deploy(template('Nope'))).rejects.toThrow(
    '[Error] /Outputs/O/Value/Fn::GetAtt: Resource type Test::Fixed does not support attribute {Nope}.',
  )

  expect(took()).toEqual([])
  expect(history()).toEqual([
    'Chat CREATE_IN_PROGRESS',
    'Chat ROLLBACK_IN_PROGRESS',
    'Chat ROLLBACK_COMPLETE',
  ])
  expect(stacks.describe('Chat').events.map(one => one.resourceStatusReason)).toContain(
    '[Error] /Outputs/O/Value/Fn::GetAtt: Resource type Test::Fixed does not support attribute {Nope}. Rollback requested by user.',
  )
  // What AWS has and this cloud does not is refused by name.
  await expect(deploy(template('Host'))).rejects.toThrow(
    'Chat/O: the output (the attribute Host of A, Test::Fixed)',
  )
})

test('what is to be retained is left standing', async () => {
  const { stacks, deploy, took, history } = thingStacks()
  await deploy({
    Resources: {
      Kept: thing({}, { DeletionPolicy: 'Retain' }),
      Later: thing({}, { DeletionPolicy: 'RetainExceptOnCreate' }),
      Gone: thing({}, { DeletionPolicy: 'Delete' }),
    },
  })
  took()
  await stacks.delete('Chat')
  expect(took()).toEqual(['delete Gone-3'])
  expect(history()).toEqual(expect.arrayContaining(['Kept DELETE_SKIPPED', 'Later DELETE_SKIPPED']))
  expect(history()).not.toContain('Kept DELETE_IN_PROGRESS')
})

test('on a failed creation Retain keeps, and RetainExceptOnCreate does not', async () => {
  const { deploy, took } = thingStacks()
  const template = {
    Resources: {
      Kept: thing({}, { DeletionPolicy: 'Retain' }),
      Later: thing({}, { DeletionPolicy: 'RetainExceptOnCreate' }),
      Broken: thing({ Broken: 'no' }, { DependsOn: ['Kept', 'Later'] }),
    },
  }
  await expect(deploy(template)).rejects.toThrow('no')
  expect(took()).toEqual(['create Kept-1', 'create Later-2', 'delete Later-2'])
})

test('UpdateReplacePolicy keeps what was replaced, DeletionPolicy what was removed', async () => {
  const { deploy, took } = thingStacks()
  const room = (Key: string) => thing({ Key }, { UpdateReplacePolicy: 'Retain' })
  await deploy({ Resources: { Room: room('a'), Old: thing({}, { DeletionPolicy: 'Retain' }), Off: thing() } })
  took()
  await deploy({ Resources: { Room: room('b') } })
  expect(took()).toEqual(['create Room-4', 'delete Off-3'])
})

test('what will not go keeps what it needs, and can be tried again', async () => {
  const { stacks, deploy, took } = thingStacks()
  const template = (stuck?: string) => ({
    Resources: {
      Role: thing(),
      Say: thing({ Value: { Ref: 'Role' }, ...(stuck && { Stuck: stuck }) }),
      Free: thing(),
    },
  })
  await deploy(template('in use'))
  took()

  await expect(stacks.delete('Chat')).rejects.toMatchObject({ logicalId: 'Say', reason: 'in use' })

  expect(took()).toEqual(['delete Free-2'])
  expect(stacks.describe('Chat')).toMatchObject({
    status: 'DELETE_FAILED',
    reason: 'The following resource(s) failed to delete: [Say].',
  })
  expect(stacks.describe('Chat').resources.map(({ logicalId }) => logicalId)).toEqual(['Role', 'Say'])
  await expect(deploy(template())).rejects.toThrow('is in DELETE_FAILED state and can not be updated.')
  await expect(stacks.delete('Chat')).rejects.toThrow('in use')
})

test('exports are handed on, unique, and guarded while they are used', async () => {
  const { stacks, deploy } = thingStacks()
  const base = (name: string, value: number) => ({
    Resources: { Room: thing({ Value: value }) },
    Outputs: {
      Room: { Value: getValue('Room'), Export: { Name: { 'Fn::Sub': `\${AWS::StackName}-${name}` } } },
    },
  })
  const user = { Resources: { Say: thing({ Value: { 'Fn::ImportValue': 'Base-room' } }) } }
  await deploy(base('room', 1), { stackName: 'Base' })
  await deploy({ ...user, Outputs: { Say: { Value: getValue('Say') } } }, { stackName: 'User' })

  expect(outputsOf(stacks.describe('User'))).toEqual({ Say: '1' })
  expect(stacks.exports()).toMatchObject([
    { name: 'Base-room', value: '1', exportingStackName: 'Base', importedBy: ['User'] },
  ])
  await expect(stacks.delete('Base')).rejects.toMatchObject({
    code: 'ValidationError',
    message: 'Export Base-room cannot be deleted as it is in use by User',
  })
  await expect(deploy(base('other', 1), { stackName: 'Base' })).rejects.toMatchObject({
    reason: 'Export Base-room cannot be deleted as it is in use by User',
    logicalId: undefined,
  })
  await expect(deploy(base('room', 2), { stackName: 'Base' })).rejects.toMatchObject({
    reason: 'Cannot update export Base-room as it is in use by User',
  })
  expect(stacks.describe('Base')).toMatchObject({
    status: 'UPDATE_ROLLBACK_COMPLETE',
    outputs: [{ value: '1', exportName: 'Base-room' }],
  })

  const twin = { ...base('room', 1), Outputs: { X: { Value: 'x', Export: { Name: 'Base-room' } } } }
  await expect(deploy(twin, { stackName: 'Twin' })).rejects.toMatchObject({
    reason: 'Export with name Base-room is already exported by stack Base.',
  })

  await stacks.delete('User')
  await stacks.delete('Base')
  await expect(deploy(user, { stackName: 'User' })).rejects.toMatchObject({
    logicalId: 'Say',
    reason: 'No export named Base-room found.',
  })
})

test('a weak reference sees the other stack’s output, and follows it', async () => {
  const { deploy } = thingStacks()
  const base = (value: number) => ({
    Resources: { Room: thing({ Value: value }) },
    Outputs: { Room: { Value: getValue('Room') } },
  })
  const user = {
    Resources: { Say: thing({ Value: { 'Fn::GetStackOutput': { StackName: 'Base', OutputName: 'Room' } } }) },
    Outputs: { Say: { Value: getValue('Say') } },
  }
  await deploy(base(1), { stackName: 'Base' })
  await deploy(user, { stackName: 'User' })
  expect((await deploy(user, { stackName: 'User' })).outcome).toBe('unchanged')
  await deploy(base(2), { stackName: 'Base' })
  const { outcome, stack } = await deploy(user, { stackName: 'User' })
  expect([outcome, outputsOf(stack)]).toEqual(['updated', { Say: '2' }])
})

test('one operation at a time for each stack', async () => {
  const { stacks, deploy } = thingStacks()
  const template = { Resources: { Say: thing() } }
  const first = deploy(template)
  await expect(deploy(template)).rejects.toMatchObject({
    code: 'ValidationError',
    message: expect.stringMatching(
      /^Stack:.* is in (REVIEW|CREATE)_IN_PROGRESS state and can not be updated\.$/,
    ),
  })
  await first
  const going = stacks.delete('Chat')
  await expect(deploy(template)).rejects.toThrow('is in DELETE_IN_PROGRESS state and can not be updated.')
  await going
  expect((await deploy(template)).outcome).toBe('created')
})

test('a resource’s type cannot change', async () => {
  const { deploy } = thingStacks()
  await deploy({ Resources: { Say: thing() } })
  await expect(deploy({ Resources: { Say: { Type: 'Test::Fixed' } } })).rejects.toThrow(
    'Update of resource type is not permitted. The new template modifies resource type of the following resources: [Say]',
  )
})

test('nothing is begun for a template that is wrong', async () => {
  const { stacks, deploy, took } = thingStacks()
  const wrong: readonly (readonly [object, string | RegExp])[] = [
    [{}, 'Template format error: At least one Resources member must be defined.'],
    [{ Resources: { A: {} } }, 'Every Resources object must contain a Type member.'],
    [{ Resources: { A: thing() }, Nope: {} }, 'Invalid template property or properties [Nope]'],
    [{ Resources: { A: { ...thing(), Nope: 1 } } }, "Invalid template resource property 'Nope'"],
    [
      { Resources: { A: thing({ Value: { Ref: 'B' } }) } },
      'Unresolved resource dependencies [B] in the Resources block',
    ],
    [
      { Resources: { A: thing({}, { DependsOn: 'B' }) } },
      'Unresolved resource dependencies [B] in the Resources block',
    ],
    [
      { Resources: { A: thing({ Value: { 'Fn::Sub': '${B}' } }) } },
      'Unresolved resource dependencies [B] in the Resources',
    ],
    [
      { Resources: { A: thing({ Value: { 'Fn::Sub': '${B.Arn}' } }) } },
      'Template error: instance of Fn::Sub references invalid resource attribute B.Arn',
    ],
    [
      { Resources: { A: thing() }, Outputs: { O: { Value: { Ref: 'B' } } } },
      '[B] in the Outputs block of the template',
    ],
    [
      { Resources: { A: thing({}, { Condition: 'C' }) } },
      'Unresolved condition dependency C in the Resources block',
    ],
    [
      { Resources: { A: thing() }, Conditions: { C: { 'Fn::Equals': [{ Ref: 'A' }, 1] } } },
      'Template format error: Unresolved dependencies [A]. Cannot reference resources in the Conditions block of the template',
    ],
    [
      { Resources: { A: thing({ Value: { Ref: 'B' } }), B: thing({ Value: { Ref: 'A' } }) } },
      'Circular dependency between resources: [A, B]',
    ],
    [
      {
        Conditions: { No: { 'Fn::Equals': [1, 2] } },
        Resources: { A: thing({}, { Condition: 'No' }), B: thing({ Value: { Ref: 'A' } }) },
      },
      'Unresolved resource dependencies [A] in the Resources block of the template',
    ],
    // Words that were recorded from AWS (localstack's snapshots).
    [
      {
        Conditions: { No: { 'Fn::Equals': [1, 2] } },
        Resources: { A: thing({}, { Condition: 'No' }), B: thing() },
        Outputs: { O: { Value: { Ref: 'A' } } },
      },
      /^Unresolved resource dependencies \[A\] in the Outputs block of the template$/,
    ],
    [
      { Resources: { A: thing() }, Outputs: { O: { Value: null } } },
      /^\[\/Outputs\/O\/Value\] 'null' values are not allowed in templates$/,
    ],
    [
      { Resources: { A: thing() }, Outputs: { O: {} } },
      'Template format error: Every Outputs member must contain a Value object',
    ],
    [
      { Resources: { A: thing() }, Conditions: { C: { 'Fn::Equals': ['a', 'b', 'c'] } } },
      'Template error: every Fn::Equals object requires a list of 2 string parameters.',
    ],
    [
      { Resources: { A: thing() }, Conditions: { C: { 'Fn::Not': [{ 'Fn::Equals': ['a'] }] } } },
      'Template error: every Fn::Equals object requires a list of 2 string parameters.',
    ],
    [
      { Resources: { A: thing() }, Mappings: { M: { A: 'flat' } } },
      'Template format error: Every Mappings member A must be a map',
    ],
    [
      { Resources: { A: thing() }, Mappings: { M: { A: { B: { C: 'deep' } } } } },
      'Template format error: Every Mappings attribute must be a String or a List.',
    ],
    [
      { Resources: { A: thing() }, Mappings: { M: { A: { B: { Ref: 'A' } } } } },
      'Template format error: Every Mappings attribute must be a String or a List.',
    ],
    [
      { Resources: { A: thing() }, Parameters: { 'AWS::NoValue': { Type: 'String' } } },
      'Template format error: Parameter name AWS::NoValue is non alphanumeric.',
    ],
    [
      { Resources: { A: thing() }, Parameters: { P: { Type: 'String' } } },
      'Parameters: [P] must have values',
    ],
  ]
  for (const [template, message] of wrong) {
    await expect(deploy(template as never), String(message)).rejects.toThrow(message)
  }
  expect(took()).toEqual([])
  expect(stacks.list()).toEqual([])
})

test('names are invented as CloudFormation does, and cut to size', async () => {
  const names: string[] = []
  const { stacks } = thingStacks({
    suffix: () => 'A1B2C3D4E5F6',
    types: [
      {
        type: 'Test::Named',
        rights: askNobody,
        properties: {},
        create({ inventName }) {
          names.push(inventName(), inventName(40))
          return { physicalId: names[0]!, attributes: {} }
        },
      },
    ],
  })
  const template = { Resources: { TheFunctionThatTellsEverybody: { Type: 'Test::Named' } } }
  await stacks.deploy({ stackName: 'Chat', template })
  expect(names[1]).toHaveLength(40)
  expect(names).toEqual([
    'Chat-TheFunctionThatTellsEverybody-A1B2C3D4E5F6',
    'Chat-TheFunctionThatTellsEv-A1B2C3D4E5F6',
  ])
})

test('dynamic references are answered by the service that they name', async () => {
  const template = {
    Resources: {
      Say: thing({ Value: { 'Fn::Join': ['', ['key={{resolve:ssm:/chat/', { Ref: 'Name' }, '}}']] } }),
    },
    Parameters: { Name: { Type: 'String', Default: 'key' } },
    Outputs: { Say: { Value: getValue('Say') } },
  }
  const { deploy } = thingStacks({
    dynamic: reference => (reference === 'resolve:ssm:/chat/key' ? 's3cr3t' : undefined),
  })
  expect(outputsOf((await deploy(template)).stack)).toEqual({ Say: 'key=s3cr3t' })
  await expect(deploy(template, { parameters: { Name: 'other' } })).rejects.toMatchObject({
    code: 'ValidationError',
    message: 'Parameters: [ssm:/chat/other] cannot be found.',
  })
})
