import type { ResourceType } from '../../cloudformation/resource.ts'
import type { Core } from '../core.ts'
import { accountRights } from './rights.ts'

/** AWS::ApiGateway::Account: the role by which API Gateway writes logs, for the whole account (facts: H12). */
export function accountResource({ accountSettings }: Core): ResourceType {
  return {
    type: 'AWS::ApiGateway::Account',
    attributes: ['Id'],
    rights: accountRights,
    properties: { CloudWatchRoleArn: 'update' },
    create({ properties, logicalId }) {
      accountSettings.cloudWatchRoleArn = properties.CloudWatchRoleArn
      return { physicalId: logicalId, attributes: { Id: logicalId } }
    },
    update({ properties }, existing) {
      accountSettings.cloudWatchRoleArn = properties.CloudWatchRoleArn
      return existing
    },
    // On AWS too the setting outlives its resource.
  }
}
