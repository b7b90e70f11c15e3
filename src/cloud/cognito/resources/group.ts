import type { ResourceType } from '../../cloudformation/resource.ts'
import { changeGroup, createGroup, groupOf } from '../group-operations.ts'
import type { House } from '../house.ts'
import { userPoolGroupRights } from '../rights.ts'
import { gone } from './gone.ts'

/** AWS::Cognito::UserPoolGroup. */
export const userPoolGroup = ({ pools, now }: House): ResourceType => ({
  type: 'AWS::Cognito::UserPoolGroup',
  rights: userPoolGroupRights,
  properties: {
    UserPoolId: 'replace',
    GroupName: 'replace',
    Description: 'update',
    Precedence: 'update',
    RoleArn: 'update',
  },
  attributes: [],
  create({ properties, inventName }) {
    const GroupName = properties.GroupName ?? inventName(128)
    createGroup(pools.find(properties.UserPoolId), { ...properties, GroupName }, now())
    return { physicalId: GroupName, attributes: {} }
  },
  update({ properties }, { physicalId }) {
    changeGroup(groupOf(pools.find(properties.UserPoolId), physicalId), properties, now())
    return { physicalId, attributes: {} }
  },
  delete: ({ physicalId, properties }) =>
    gone(() => void pools.find(properties.UserPoolId).groups.delete(physicalId)),
})
