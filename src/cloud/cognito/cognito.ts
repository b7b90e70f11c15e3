import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { ResourceType } from '../cloudformation/resource.ts'
import { AwsError } from '../error.ts'
import { denialText } from '../iam/denial.ts'
import type { Keeper, Kept, NewUser } from '../kept.ts'
import type { InvokeFunction } from '../lambda/invoke.ts'
import type { Service, WireAnswer, WireRequest } from '../service.ts'
import { addUser } from './add-user.ts'
import { adminOperations } from './admin-operations.ts'
import { groupOperations } from './group-operations.ts'
import type { House } from './house.ts'
import { userKeeper } from './kept.ts'
import type { Keys } from './keys.ts'
import { kinds } from './operation.ts'
import { ownOperations } from './own-operations.ts'
import { poolOperations } from './pool-operations.ts'
import { startPools } from './pools.ts'
import { type LogStore, startPost } from './post.ts'
import { resourceTypes } from './resources/all.ts'
import { signInOperations } from './sign-in-operations.ts'
import { signUpOperations } from './sign-up-operations.ts'
import { tokenOverrides } from './token-overrides.ts'
import { type AuthenticationResult, groupsOf, openSession, tokensOf } from './tokens.ts'
import { startTriggers } from './triggers.ts'
import { userOf } from './users.ts'
import { answerAnybody, CORS } from './well-known.ts'

/** Amazon Cognito user pools. */
export interface Cognito {
  readonly service: Service
  readonly resources: readonly ResourceType[]
  /** Lets somebody in, `CONFIRMED`, and tells nobody. Throws `AwsError` for what the pool does not take. */
  addUser(poolId: string, user: NewUser): void
  /** The users and groups of all pools. */
  readonly kept: Keeper<Kept['pools']>
  /** Answers pools' public keys and configurations, and browsers that ask beforehand; undefined for any other request. */
  withoutSignature(wire: WireRequest): Promise<WireAnswer> | WireAnswer | undefined
  /**
   * The tokens that somebody would hold now who had signed in at another time, in milliseconds since the epoch: real ones, of
   * which Cognito knows. A function that verifies a token compares its `exp` with the time of the machine, which nobody can
   * move; tokens of an hour ago, with a client whose tokens are good for five minutes, are how it meets an expired one.
   *
   * @throws ResourceNotFoundException, UserNotFoundException
   */
  signInAt(
    at: number,
    who: { readonly userPoolId: string; readonly clientId: string; readonly username: string },
  ): Promise<AuthenticationResult>
}

/**
 * Starts Cognito without a pool. Tokens are dated by the cloud's clock, and go out of date by it in every operation here.
 * What is sent to people is in `logs` (post.ts says where).
 */
export function startCognito({
  account,
  clock,
  logs,
  invoke,
  makeKeys,
  knownIds,
}: {
  readonly account: Account
  readonly clock: Clock
  readonly logs: LogStore
  /** Runs the functions that pools call. */
  readonly invoke: InvokeFunction
  /** Makes a pool's keys; anew for each pool unless given. */
  readonly makeKeys?: () => Promise<Keys>
  /** Ids that pools and app clients of stacks are to have, by `Stack/LogicalId`. */
  readonly knownIds?: ReadonlyMap<string, string> | undefined
}): Cognito {
  const { now } = clock
  const pools = startPools(account, now, makeKeys)
  const triggers = startTriggers(account, invoke)
  const house: House = { pools, post: startPost(logs, now, triggers), triggers, now, knownIds }
  const by = kinds(house, account)

  return {
    resources: resourceTypes(house),
    kept: userKeeper(pools),
    addUser: (poolId, user) => addUser(pools.find(poolId), user, now()),
    withoutSignature: wire => answerAnybody(pools, account, wire),
    async signInAt(at, { userPoolId, clientId, username }) {
      const pool = pools.find(userPoolId)
      const client = pools.client(userPoolId, clientId)
      const user = userOf(pool, username)
      const over = await tokenOverrides(house, pool, client, user, 'Authentication', groupsOf(pool, user))
      const session = openSession(pool, client, user, at)
      return {
        ...(await tokensOf(pool, client, user, session, at, over)),
        RefreshToken: session.refreshToken,
      }
    },
    service: {
      signingName: 'cognito-idp',
      protocol: 'json-1.1',
      targetPrefix: 'AWSCognitoIdentityProviderService',
      headers: CORS,
      operations: [
        ...signUpOperations(house, by),
        ...signInOperations(house, by),
        ...ownOperations(house, by),
        ...adminOperations(house, by),
        ...groupOperations(house, by),
        ...poolOperations(house, by),
      ],
      denied: (access, decision, call) =>
        new AwsError('AccessDeniedException', denialText(call.principal, access, decision)),
    },
  }
}
