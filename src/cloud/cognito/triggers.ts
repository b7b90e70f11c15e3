import type { Account } from '../account.ts'
import { AwsError } from '../error.ts'
import type { InvokeFunction } from '../lambda/invoke.ts'
import { refusal } from './errors.ts'
import type { Pool, User } from './pool.ts'
import type { Trigger } from './trigger-functions.ts'

/** What a function is called for. */
export interface Occasion {
  /** `PreSignUp_SignUp`. */
  readonly source: string
  readonly userName: string
  /** Undefined where an administrator acts. */
  readonly clientId: string | undefined
  readonly request: Readonly<Record<string, unknown>>
  /** What the function may fill in. */
  readonly response: Readonly<Record<string, unknown>>
}

/** Calls a pool's functions. */
export interface Triggers {
  /**
   * Calls the pool's function for a moment, and answers with its `response`; undefined where the pool has none.
   *
   * @throws UserLambdaValidationException, UnexpectedLambdaException, InvalidLambdaResponseException
   */
  call(pool: Pool, trigger: Trigger, occasion: Occasion): Promise<Readonly<Record<string, any>> | undefined>
}

const COGNITO = { kind: 'service', service: 'cognito-idp.amazonaws.com' } as const

/** Triggers of an account. Each function must let Cognito in, for the pool's ARN. */
export function startTriggers({ region, accountId }: Account, invoke: InvokeFunction): Triggers {
  return {
    async call(pool, trigger, { source, userName, clientId, request, response }) {
      const fn = pool.settings.functions[trigger]
      if (!fn) return
      const payload = JSON.stringify({
        version: fn.version,
        triggerSource: source,
        region,
        userPoolId: pool.id,
        userName,
        callerContext: {
          awsSdkVersion: 'aws-sdk-unknown-unknown',
          clientId: clientId ?? 'CLIENT_ID_NOT_APPLICABLE',
        },
        request,
        response,
      })
      const from = { caller: COGNITO, sourceArn: pool.arn, sourceAccount: accountId }
      const answer = await invoke({ functionName: fn.arn, payload, ...from }).catch(error => {
        if (!(error instanceof AwsError)) throw error
        throw refusal('UnexpectedLambdaException', `${trigger} invocation failed due to error ${error.code}.`)
      })
      if (answer.kind === 'failed') {
        throw refusal(
          'UserLambdaValidationException',
          `${trigger} failed with error ${answer.error.errorMessage}.`,
        )
      }
      return responseIn(answer.payload)
    },
  }
}

/** A user's attributes as functions see them. Before somebody is in the pool there is no `sub`. */
export const attributesFor = ({ sub, attributes, status }: User): Readonly<Record<string, string>> => ({
  sub,
  'cognito:user_status': status,
  ...Object.fromEntries(attributes),
})

/** `ClientMetadata` and the like: left out where the caller gave none. */
export const given = (name: string, value: unknown): Readonly<Record<string, unknown>> =>
  value === undefined ? {} : { [name]: value }

/** A function must hand the event back, with its `response`. */
function responseIn(payload: string): Readonly<Record<string, any>> {
  const answer = JSON.parse(payload)
  const response = answer?.response
  if (typeof response === 'object' && response !== null) return response
  throw unrecognizable()
}

export const unrecognizable = () => refusal('InvalidLambdaResponseException', 'Unrecognizable lambda output')
