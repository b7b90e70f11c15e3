import type { Cloud } from '../../cloud/cloud.ts'
import type { Directory } from '../model/protocol.ts'

/** Keeps the names of everything that has been deployed. They stay when a stack is gone: its events do too. */
export function keepDirectory(cloud: Cloud): () => Directory {
  const names: Record<string, string> = {}
  const logGroups: Record<string, string> = {}
  const authorizers = new Set<string>()

  return () => {
    for (const stack of cloud.stacks.list()) {
      for (const { logicalId, type, physicalId, properties } of stack.resources) {
        names[lastPart(physicalId)] = nameOf(logicalId)
        if (type === 'AWS::Lambda::Function') {
          const group = (properties as { LoggingConfig?: { LogGroup?: unknown } }).LoggingConfig?.LogGroup
          logGroups[typeof group === 'string' ? group : `/aws/lambda/${physicalId}`] = physicalId
        }
        if (type === 'AWS::ApiGatewayV2::Authorizer') {
          const uri = String((properties as { AuthorizerUri?: unknown }).AuthorizerUri ?? '')
          const name = /function:([^/:]+)/.exec(uri)?.[1]
          if (name) authorizers.add(name)
        }
      }
    }
    const { region, accountId } = cloud.account
    return {
      region,
      accountId,
      names: { ...names },
      logGroups: { ...logGroups },
      authorizers: [...authorizers],
    }
  }
}

/** CDK adds eight digits to the path of a construct; people know it without. */
const nameOf = (logicalId: string): string => logicalId.replace(/(Resource)?[0-9A-F]{8}$/, '') || logicalId

/** Of an ARN or a queue's URL the name. */
const lastPart = (physicalId: string): string => physicalId.replace(/^(arn:|https?:).*[:/]/, '')
