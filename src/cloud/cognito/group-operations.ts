import type { Operation } from '../service.ts'
import { notFound, refusal } from './errors.ts'
import type { House } from './house.ts'
import type { Kinds } from './operation.ts'
import { paged } from './paged.ts'
import type { Group, Pool } from './pool.ts'
import { groupsOf } from './tokens.ts'
import { describeUser, userOf } from './users.ts'

type Given = Readonly<Record<string, any>>

/** Groups and who is in them. */
export function groupOperations({ now }: House, { admin }: Kinds): readonly Operation[] {
  return [
    admin('CreateGroup', ['GroupName'], (pool, input) => ({
      Group: describeGroup(pool, createGroup(pool, input, now())),
    })),
    admin('GetGroup', ['GroupName'], (pool, input) => ({
      Group: describeGroup(pool, groupOf(pool, input.GroupName)),
    })),
    admin('UpdateGroup', ['GroupName'], (pool, input) => {
      const group = groupOf(pool, input.GroupName)
      changeGroup(group, input, now())
      return { Group: describeGroup(pool, group) }
    }),
    admin('DeleteGroup', ['GroupName'], (pool, input) => {
      pool.groups.delete(groupOf(pool, input.GroupName).name)
      // AWS's answer has no body.
      return undefined
    }),
    admin('ListGroups', [], (pool, input) => {
      const page = paged([...pool.groups.values()], input.Limit, input.NextToken)
      return { Groups: page.items.map(group => describeGroup(pool, group)), NextToken: page.next }
    }),
    admin('AdminAddUserToGroup', ['Username', 'GroupName'], (pool, input) => {
      const user = userOf(pool, input.Username)
      groupOf(pool, input.GroupName).members.add(user.username)
      return undefined
    }),
    admin('AdminRemoveUserFromGroup', ['Username', 'GroupName'], (pool, input) => {
      const user = userOf(pool, input.Username)
      groupOf(pool, input.GroupName).members.delete(user.username)
      return undefined
    }),
    admin('AdminListGroupsForUser', ['Username'], (pool, input) => {
      const page = paged(groupsOf(pool, userOf(pool, input.Username)), input.Limit, input.NextToken)
      return { Groups: page.items.map(group => describeGroup(pool, group)), NextToken: page.next }
    }),
    admin('ListUsersInGroup', ['GroupName'], (pool, input) => {
      const users = [...groupOf(pool, input.GroupName).members].flatMap(name => pool.users.get(name) ?? [])
      const page = paged(users, input.Limit, input.NextToken)
      return { Users: page.items.map(user => describeUser(user)), NextToken: page.next }
    }),
  ]
}

/** @throws GroupExistsException */
export function createGroup(pool: Pool, input: Given, now: number): Group {
  if (pool.groups.has(input.GroupName)) {
    throw refusal('GroupExistsException', 'A group with the name already exists.')
  }
  const group: Group = {
    name: input.GroupName,
    created: now,
    modified: now,
    description: undefined,
    roleArn: undefined,
    precedence: undefined,
    members: new Set(),
  }
  changeGroup(group, input, now)
  pool.groups.set(group.name, group)
  return group
}

/** Changes what is given. */
export function changeGroup(group: Group, { Description, RoleArn, Precedence }: Given, now: number): void {
  if (Description !== undefined) group.description = Description
  if (RoleArn !== undefined) group.roleArn = RoleArn
  if (Precedence !== undefined) group.precedence = Number(Precedence)
  group.modified = now
}

/** @throws ResourceNotFoundException */
export function groupOf({ groups }: Pool, name: string): Group {
  const group = groups.get(name)
  if (!group) throw notFound('Group not found.')
  return group
}

const describeGroup = ({ id }: Pool, group: Group) => ({
  GroupName: group.name,
  UserPoolId: id,
  Description: group.description,
  RoleArn: group.roleArn,
  Precedence: group.precedence,
  LastModifiedDate: group.modified / 1000,
  CreationDate: group.created / 1000,
})
