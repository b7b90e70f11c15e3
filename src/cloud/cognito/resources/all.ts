import type { ResourceType } from '../../cloudformation/resource.ts'
import type { House } from '../house.ts'
import { userPoolClient } from './client.ts'
import { describeClient } from './describe-client.ts'
import { userPoolGroup } from './group.ts'
import { userPoolUser, userToGroupAttachment } from './user.ts'
import { userPool } from './user-pool.ts'

/** Everything of Cognito that a template may ask for. */
export const resourceTypes = (house: House): readonly ResourceType[] => [
  userPool(house),
  userPoolClient(house),
  userPoolGroup(house),
  userPoolUser(house),
  userToGroupAttachment(house),
  describeClient(house),
]
