import type { Properties } from '../cloudformation/properties.ts'
import type { Physical, ResourceType } from '../cloudformation/resource.ts'
import type { PolicyDocument } from '../iam/policy.ts'
import { putStatement, setStatements, statementId, statementOf, statements } from './bus-policy.ts'
import { unserved } from './checks.ts'
import { invalid } from './errors.ts'
import { busPolicyRights, busRights, ruleRights } from './rights.ts'
import type { Bus, Rule, Target } from './rule.ts'
import type { Store } from './store.ts'

/** AWS::Events::EventBus. */
export const busResource = (store: Store): ResourceType => ({
  type: 'AWS::Events::EventBus',
  nameProperty: 'Name',
  rights: busRights,
  properties: {
    Name: 'replace',
    Description: 'update',
    Policy: 'update',
    Tags: 'update',
    KmsKeyIdentifier: 'harmless',
    LogConfig: 'harmless',
  },
  attributes: ['Arn', 'Name', 'Policy'],
  create: ({ properties }) => physicalBus(configureBus(store.createBus(properties.Name), properties)),
  update: ({ properties }, { physicalId }) =>
    physicalBus(configureBus(store.bus(physicalId), properties, store.now())),
  delete: ({ physicalId }) => store.deleteBus(physicalId),
})

function configureBus(bus: Bus, properties: Properties, modifiedAt = bus.modifiedAt): Bus {
  const { Description, Policy, Tags = [] } = properties
  bus.modifiedAt = modifiedAt
  bus.description = Description
  if (Policy !== undefined) bus.policy = asDocument(Policy)
  bus.tags.clear()
  for (const { Key, Value } of Tags) bus.tags.set(Key, Value)
  return bus
}

const asDocument = (policy: unknown): PolicyDocument =>
  typeof policy === 'string' ? JSON.parse(policy) : (policy as PolicyDocument)

const physicalBus = ({ name, arn, policy }: Bus): Physical => ({
  physicalId: name,
  attributes: { Arn: arn, Name: name, Policy: policy ? JSON.stringify(policy) : '' },
})

/** AWS::Events::Rule, with targets that are functions, queues, topics or buses. */
export const ruleResource = (store: Store): ResourceType => ({
  type: 'AWS::Events::Rule',
  lacks: ['RuleName'],
  rights: ruleRights,
  properties: {
    Name: 'replace',
    EventBusName: 'replace',
    Description: 'update',
    EventPattern: 'update',
    ScheduleExpression: 'update',
    State: 'update',
    RoleArn: 'update',
    Targets: 'update',
    Tags: 'update',
  },
  attributes: ['Arn'],
  refuse: ({ Targets }) =>
    (Array.isArray(Targets) ? Targets : []).flatMap(target =>
      typeof target?.Arn === 'string' && !/^arn:[^:]+:(lambda|sqs|sns|events):/.test(target.Arn)
        ? [`Targets: ${unserved(target.Arn)}`]
        : [],
    ),
  create({ properties, inventName }) {
    const name = properties.Name ?? inventName(64)
    // A name that is taken belongs to somebody: PutRule would change it.
    if (store.find(properties.EventBusName)?.rules.has(name)) {
      throw invalid(`${name} already exists in stack or account.`)
    }
    return putRule(store, name, properties)
  },
  update: ({ properties }, { physicalId }) => putRule(store, nameIn(physicalId), properties),
  delete({ physicalId, properties }) {
    const rule = store.find(properties.EventBusName)?.rules.get(nameIn(physicalId))
    if (!rule) return
    rule.targets.clear()
    store.deleteRule(rule.name, properties.EventBusName)
  },
})

function putRule(store: Store, name: string, properties: Properties): Physical {
  const { EventBusName, EventPattern, Targets = [], Tags = [] } = properties
  const rule = store.putRule(EventBusName, {
    name,
    pattern:
      EventPattern === undefined || typeof EventPattern === 'string'
        ? EventPattern
        : JSON.stringify(EventPattern),
    expression: properties.ScheduleExpression,
    state: properties.State,
    description: properties.Description,
    roleArn: properties.RoleArn,
  })
  rule.targets.clear()
  for (const target of Targets as readonly Target[]) store.putTarget(rule, target)
  rule.tags.clear()
  for (const { Key, Value } of Tags) rule.tags.set(Key, Value)
  return physicalRule(rule)
}

const physicalRule = ({ name, arn, busName }: Rule): Physical => ({
  physicalId: busName === 'default' ? name : `${busName}|${name}`,
  attributes: { Arn: arn },
})

const nameIn = (physicalId: string): string => physicalId.split('|').at(-1)!

/** AWS::Events::EventBusPolicy: one statement of a bus's policy. */
export const busPolicyResource = (store: Store): ResourceType => {
  const put = (properties: Properties, id: string) => {
    const bus = store.bus(properties.EventBusName)
    putStatement(bus, id, statementOf(bus, properties))
  }
  return {
    type: 'AWS::Events::EventBusPolicy',
    rights: busPolicyRights,
    properties: {
      EventBusName: 'replace',
      StatementId: 'replace',
      Statement: 'update',
      Action: 'update',
      Principal: 'update',
      Condition: 'update',
    },
    attributes: [],
    create({ properties }) {
      const Sid = properties.StatementId ?? statementId(JSON.stringify(properties))
      put(properties, Sid)
      return { physicalId: Sid, attributes: {} }
    },
    update({ properties }, { physicalId, attributes }) {
      put(properties, physicalId)
      return { physicalId, attributes }
    },
    delete({ physicalId, properties }) {
      const bus = store.find(properties.EventBusName)
      if (bus) {
        setStatements(
          bus,
          statements(bus).filter(({ Sid }) => Sid !== physicalId),
        )
      }
    },
  }
}
