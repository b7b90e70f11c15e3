import type { Properties } from '../../cloudformation/properties.ts'
import type { ResourceType } from '../../cloudformation/resource.ts'
import { createUser } from '../admin-operations.ts'
import { groupOf } from '../group-operations.ts'
import type { House } from '../house.ts'
import { removeUser } from '../own-operations.ts'
import { userPoolUserRights, userToGroupRights } from '../rights.ts'
import { userOf } from '../users.ts'
import { gone } from './gone.ts'

/** AWS::Cognito::UserPoolUser: what AdminCreateUser makes. Every change makes another user. */
export const userPoolUser = (house: House): ResourceType => ({
  type: 'AWS::Cognito::UserPoolUser',
  rights: userPoolUserRights,
  properties: {
    UserPoolId: 'replace',
    Username: 'replace',
    UserAttributes: 'replace',
    MessageAction: 'replace',
    DesiredDeliveryMediums: 'replace',
    ForceAliasCreation: 'replace',
    ClientMetadata: 'replace',
    ValidationData: 'replace',
  },
  attributes: [],
  async create({ properties, inventName }) {
    const Username = properties.Username ?? inventName(128)
    const user = await createUser(house, house.pools.find(properties.UserPoolId), { ...properties, Username })
    return { physicalId: user.username, attributes: {} }
  },
  delete: ({ physicalId, properties }) =>
    gone(() => {
      const pool = house.pools.find(properties.UserPoolId)
      removeUser(pool, userOf(pool, physicalId))
    }),
})

/** AWS::Cognito::UserPoolUserToGroupAttachment. */
export const userToGroupAttachment = (house: House): ResourceType => ({
  type: 'AWS::Cognito::UserPoolUserToGroupAttachment',
  rights: userToGroupRights,
  properties: { UserPoolId: 'replace', GroupName: 'replace', Username: 'replace' },
  attributes: [],
  create({ properties, inventName }) {
    const { user, group } = both(house, properties)
    group.members.add(user.username)
    return { physicalId: inventName(), attributes: {} }
  },
  delete: ({ properties }) =>
    gone(() => {
      const { user, group } = both(house, properties)
      group.members.delete(user.username)
    }),
})

function both({ pools }: House, { UserPoolId, GroupName, Username }: Properties) {
  const pool = pools.find(UserPoolId)
  return { user: userOf(pool, Username), group: groupOf(pool, GroupName) }
}
