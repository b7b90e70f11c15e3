import type { Lane } from './lanes.ts'
import { askerOf, shortName } from './names.ts'
import type { Directory } from './protocol.ts'

export const gateway: Lane = { id: 'gateway', kind: 'gateway', title: 'API Gateway' }
/** The person at the keyboard, and the check that acts for them. */
export const you: Lane = { id: 'person', kind: 'person', title: 'you' }

/** Services as people call them, by the prefix of an action or the host of a principal. */
const serviceNames: Readonly<Record<string, string>> = {
  dynamodb: 'DynamoDB',
  lambda: 'Lambda',
  sns: 'SNS',
  sqs: 'SQS',
  logs: 'CloudWatch Logs',
  cloudwatch: 'CloudWatch',
  iam: 'IAM',
  sts: 'STS',
  cloudformation: 'CloudFormation',
  s3: 'S3',
  ssm: 'SSM',
  'cognito-idp': 'Cognito',
  events: 'EventBridge',
}

/** The lane of a function, by its physical name. */
export function functionLane(name: string, directory: Directory): Lane {
  const isAuthorizer = directory.authorizers.includes(name)
  return {
    id: `function:${name}`,
    kind: isAuthorizer ? 'authorizer' : 'function',
    title: shortName(name, directory),
    small: isAuthorizer ? 'authorizer' : 'function',
  }
}

export const serviceLane = (name: string): Lane => ({
  id: `service:${name}`,
  kind: 'service',
  title: serviceNames[name] ?? name,
})

/** The lane of the one that asks or calls. */
export function askerLane(principal: string, directory: Directory): Lane {
  const asker = askerOf(principal, directory)
  switch (asker.kind) {
    case 'function':
      return functionLane(asker.functionName, directory)
    case 'person':
      return you
    case 'service':
      return asker.name === 'apigateway' ? gateway : serviceLane(asker.name)
    case 'role':
      return serviceLane(shortName(asker.role, directory))
  }
}

/** The lane of what an action is done to. */
export function targetLane(action: string, resource: string, directory: Directory): Lane {
  const [prefix = ''] = action.toLowerCase().split(':')
  if (prefix === 'execute-api' || prefix === 'apigateway') return gateway
  const name = /^arn:[^:]*:lambda:[^:]*:\d*:function:([^:]+)/.exec(resource)?.[1]
  return name ? functionLane(name, directory) : serviceLane(prefix)
}

/** Remembers the clients that it has met. Each has a number, unless somebody knows its name. */
export function clientLanes() {
  const clients = new Map<string, Lane>()

  return {
    /** The lane of a connection. */
    of(connectionId: string, { clients: names = {} }: Directory): Lane {
      const known = clients.get(connectionId)
      if (known) return known
      const order = clients.size + 1
      const title = names[connectionId] ?? `client ${order}`
      const lane: Lane = { id: `client:${connectionId}`, kind: 'client', title, small: connectionId, order }
      clients.set(connectionId, lane)
      return lane
    },
    refused: { id: 'client:refused', kind: 'client', title: 'not let in' } as Lane,
  }
}
