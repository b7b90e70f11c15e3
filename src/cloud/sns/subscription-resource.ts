import type { Account } from '../account.ts'
import type { Properties } from '../cloudformation/properties.ts'
import type { ResourceType } from '../cloudformation/resource.ts'
import { refuseProtocol } from './endpoint.ts'
import { subscriptionRights } from './rights.ts'
import type { Subscriptions } from './subscriptions.ts'

/** Attributes of a subscription that are properties by the same name. */
const ATTRIBUTES = [
  'RawMessageDelivery',
  'FilterPolicyScope',
  'FilterPolicy',
  'RedrivePolicy',
  'DeliveryPolicy',
]

/** AWS::SNS::Subscription. One that waits for its endpoint to confirm it is there all the same. */
export function subscriptionResource(subscriptions: Subscriptions, account: Account): ResourceType {
  return {
    type: 'AWS::SNS::Subscription',
    rights: subscriptionRights,
    properties: {
      TopicArn: 'replace',
      Protocol: 'replace',
      Endpoint: 'replace',
      ...Object.fromEntries(ATTRIBUTES.map(name => [name, 'update' as const])),
      Region: 'update',
    },
    attributes: ['Arn'],
    refuse: ({ Protocol, Region }) => [
      ...refuseProtocol(Protocol),
      ...(typeof Region === 'string' && Region !== account.region
        ? [`Region ${Region}: the local cloud has one region, ${account.region}`]
        : []),
    ],
    create({ properties }) {
      const { arn } = subscriptions.subscribe({
        topicArn: properties.TopicArn,
        protocol: properties.Protocol,
        endpoint: properties.Endpoint,
        attributes: attributesOf(properties),
        principal: ownerOf(account),
      })
      return { physicalId: arn, attributes: { Arn: arn } }
    },
    update({ properties }, { physicalId, attributes }) {
      const after = attributesOf(properties)
      const gone = ATTRIBUTES.filter(name => after[name] === undefined).map(name => [name, GONE[name] ?? ''])
      subscriptions.setAttributes(subscriptions.find(physicalId), { ...after, ...Object.fromEntries(gone) })
      return { physicalId, attributes }
    },
    delete: ({ physicalId }) => subscriptions.unsubscribe(physicalId),
  }
}

/** What a property that is no longer there is set back to, where AWS takes no empty value. */
const GONE: Readonly<Record<string, string>> = {
  RawMessageDelivery: 'false',
  FilterPolicyScope: 'MessageAttributes',
}

/** In a template policies are objects, to SNS they are texts. */
const attributesOf = (properties: Properties): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ATTRIBUTES.filter(name => properties[name] !== undefined).map(name => {
      const value = properties[name]
      return [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]
    }),
  )

/** Whom a stack's subscriptions belong to (assumed: AWS shows who deployed it). */
export const ownerOf = ({ partition, accountId }: Account) => `arn:${partition}:iam::${accountId}:root`
