import type { Operation } from '../service.ts'
import { invalid } from './errors.ts'
import { checkMayWrite, type House } from './house.ts'
import type { Kinds } from './operation.ts'
import { checkPassword } from './password-policy.ts'
import { checkPasswordOf, setPassword } from './passwords.ts'
import type { Pool, User } from './pool.ts'
import { type CodeDelivery, type Letter, takeCode } from './post.ts'
import { signOutEverywhere } from './tokens.ts'
import { attributesOf, changeAttributes } from './users.ts'

/** What people do for themselves once they have signed in. */
export function ownOperations({ post, now }: House, { oneself }: Kinds): readonly Operation[] {
  return [
    oneself('GetUser', [], ({ user, client }) => ({
      Username: user.username,
      UserAttributes: attributesOf(user, client.settings.readAttributes).filter(
        ({ Name }) => !Name.startsWith('dev:'),
      ),
    })),
    oneself('ChangePassword', ['ProposedPassword'], ({ pool, user }, input) => {
      checkPasswordOf(pool, user, input.PreviousPassword ?? '', now())
      checkPassword(pool.settings.passwordPolicy, input.ProposedPassword)
      setPassword(pool, user, input.ProposedPassword, now())
      return {}
    }),
    oneself('UpdateUserAttributes', ['UserAttributes'], async ({ pool, client, user }, input) => {
      checkMayWrite(client, input.UserAttributes)
      const before = new Map(user.attributes)
      changeAttributes(pool, user, input.UserAttributes, now())
      const changed = pool.settings.autoVerified.filter(
        name => user.attributes.get(name) && user.attributes.get(name) !== before.get(name),
      )
      const letter = {
        source: 'UpdateUserAttribute',
        clientId: client.id,
        metadata: input.ClientMetadata,
      } as const
      const sent: CodeDelivery[] = []
      for (const name of changed) sent.push(await sendTo(pool, user, name, letter))
      return { CodeDeliveryDetailsList: sent }
    }),
    oneself('DeleteUserAttributes', ['UserAttributeNames'], ({ pool, client, user }, input) => {
      const emptied = input.UserAttributeNames.map((Name: string) => ({ Name, Value: '' }))
      checkMayWrite(client, emptied)
      changeAttributes(pool, user, emptied, now())
      return {}
    }),
    oneself('GetUserAttributeVerificationCode', ['AttributeName'], async ({ pool, client, user }, input) => ({
      CodeDeliveryDetails: await sendTo(pool, user, input.AttributeName, {
        source: 'VerifyUserAttribute',
        clientId: client.id,
        metadata: input.ClientMetadata,
      }),
    })),
    oneself('VerifyUserAttribute', ['AttributeName', 'Code'], ({ user }, input) => {
      const attribute = address(input.AttributeName)
      takeCode(user, attribute, input.Code, now())
      user.attributes.set(`${attribute}_verified`, 'true')
      user.modified = now()
      return {}
    }),
    oneself('GlobalSignOut', [], ({ pool, user }) => {
      signOutEverywhere(pool, user)
      return {}
    }),
    oneself('DeleteUser', [], ({ pool, user }) => {
      removeUser(pool, user)
      // AWS's answer has no body.
      return undefined
    }),
  ]

  async function sendTo(pool: Pool, user: User, name: string, letter: Letter): Promise<CodeDelivery> {
    const attribute = address(name)
    // The words are assumed.
    if (!user.attributes.get(attribute)) throw invalid(`User does not have ${attribute}.`)
    return post.sendCode(pool, user, attribute, attribute, letter)
  }
}

/** Takes somebody out of a pool and its groups. */
export function removeUser(pool: Pool, { username }: User): void {
  pool.users.delete(username)
  for (const { members } of pool.groups.values()) members.delete(username)
}

/** @throws InvalidParameterException for an attribute to which no code can be sent; the words are assumed. */
function address(name: string): 'email' | 'phone_number' {
  if (name === 'email' || name === 'phone_number') return name
  throw invalid(`Attribute ${name} cannot be verified.`)
}
