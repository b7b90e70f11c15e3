import type { Account } from '../account.ts'
import type { Operation } from '../service.ts'
import type { House } from './house.ts'
import { checkMembers } from './members.ts'
import type { AppClient, Pool, User } from './pool.ts'
import { ownerOf } from './tokens.ts'

export type Input = Readonly<Record<string, any>>

/** Makes Cognito's operations, which are of three kinds by who may call them. Inputs have been checked when `run` sees them. */
export interface Kinds {
  /** With AWS keys and leave from IAM, on the pool that `UserPoolId` names. */
  admin(
    name: string,
    required: readonly string[],
    run: (pool: Pool, input: Input) => unknown,
  ): Operation<Input>
  /** By anybody, through the app client that `ClientId` names. */
  anybody(
    name: string,
    required: readonly string[],
    run: (at: { readonly pool: Pool; readonly client: AppClient }, input: Input) => unknown,
  ): Operation<Input>
  /** By the user whose `AccessToken` it is. */
  oneself(
    name: string,
    required: readonly string[],
    run: (
      of: { readonly pool: Pool; readonly client: AppClient; readonly user: User },
      input: Input,
    ) => unknown,
  ): Operation<Input>
}

/** Makes the three kinds for this account. */
export function kinds({ pools, now }: House, account: Account): Kinds {
  return {
    admin: (name, required, run) => ({
      name,
      access: ({ UserPoolId = '' }) => [
        { action: `cognito-idp:${name}`, resource: poolArn(account, String(UserPoolId)) },
      ],
      run(input) {
        checkMembers(input, ['UserPoolId', ...required])
        return run(pools.find(input.UserPoolId), input)
      },
    }),
    anybody: (name, required, run) => ({
      name,
      unsigned: true,
      access: () => [],
      run(input) {
        checkMembers(input, ['ClientId', ...required])
        return run(pools.ofClient(input.ClientId), input)
      },
    }),
    oneself: (name, required, run) => ({
      name,
      unsigned: true,
      access: () => [],
      async run(input) {
        checkMembers(input, ['AccessToken', ...required])
        return run(await ownerOf(pools, input.AccessToken, now()), input)
      },
    }),
  }
}

const poolArn = ({ partition, region, accountId }: Account, id: string) =>
  `arn:${partition}:cognito-idp:${region}:${accountId}:userpool/${id}`
