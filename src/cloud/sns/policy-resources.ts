import type { Properties } from '../cloudformation/properties.ts'
import type { ResourceType } from '../cloudformation/resource.ts'
import { topicInlinePolicyRights, topicPolicyRights } from './rights.ts'
import type { Topics } from './topics.ts'

/** AWS::SNS::TopicPolicy: one policy in the place of the default one, for every topic it names. */
export function topicPolicy(topics: Topics): ResourceType {
  return {
    type: 'AWS::SNS::TopicPolicy',
    rights: topicPolicyRights,
    properties: { PolicyDocument: 'update', Topics: 'update' },
    attributes: ['Id'],
    create({ properties, inventName }) {
      put(properties)
      const physicalId = inventName()
      return { physicalId, attributes: { Id: physicalId } }
    },
    update({ properties }, existing) {
      put(properties)
      const gone = topicsOf(existing.properties).filter(arn => !topicsOf(properties).includes(arn))
      for (const arn of gone) reset(topics, arn)
      return existing
    },
    delete({ properties }) {
      for (const arn of topicsOf(properties)) reset(topics, arn)
    },
  }

  function put(properties: Properties): void {
    for (const arn of topicsOf(properties)) setPolicy(topics, arn, properties)
  }
}

/** AWS::SNS::TopicInlinePolicy: the same for one topic, whose ARN is its name. */
export function topicInlinePolicy(topics: Topics): ResourceType {
  return {
    type: 'AWS::SNS::TopicInlinePolicy',
    rights: topicInlinePolicyRights,
    properties: { PolicyDocument: 'update', TopicArn: 'replace' },
    attributes: [],
    create({ properties }) {
      setPolicy(topics, properties.TopicArn, properties)
      return { physicalId: properties.TopicArn, attributes: {} }
    },
    update({ properties }, existing) {
      setPolicy(topics, existing.physicalId, properties)
      return existing
    },
    delete: ({ physicalId }) => reset(topics, physicalId),
  }
}

const topicsOf = ({ Topics = [] }: Properties): readonly string[] => Topics

function setPolicy(topics: Topics, arn: string, { PolicyDocument }: Properties): void {
  const text = typeof PolicyDocument === 'string' ? PolicyDocument : JSON.stringify(PolicyDocument ?? {})
  topics.setAttribute(arn, 'Policy', text)
}

/** Back to the policy that a topic is made with. On the way out the topic may have gone first. */
function reset(topics: Topics, arn: string): void {
  if (topics.all.has(arn)) topics.setAttribute(arn, 'Policy', '')
}
