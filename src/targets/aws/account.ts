import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { fromIni } from '@aws-sdk/credential-providers'
import { readProfiles } from './profiles.ts'
import {
  type Journey,
  manyEndpoints,
  noSuchProfile,
  partitionOf,
  troubleOf,
  wrongPartition,
} from './trouble.ts'
import { AWS_PACE, ENDPOINT_PACE, type Pace } from './wait.ts'

/** Somebody's AWS account, as one of their profiles reaches it. */
export interface AwsAccount {
  readonly profile: string
  readonly region: string
  /** Where calls go instead of AWS. */
  readonly endpoint?: string
  /** What any client of the SDK is given. */
  readonly config: {
    readonly profile: string
    readonly region: string
    readonly endpoint?: string
    readonly credentials: any
    readonly maxAttempts: number
  }
  readonly cloudFormation: CloudFormationClient
  readonly pace: Pace
  /** Whom AWS takes us for. Throws `AwsTrouble` for whatever stands in the way. */
  startsAs(): Promise<Identity>
  /** What a call answers; its errors as `AwsTrouble`, where they are one. */
  told<T>(calling: Promise<T>): Promise<T>
  /** An error as `AwsTrouble`, where it is one. */
  trouble(error: unknown): unknown
  /** Lets go of the connections. */
  stop(): void
}

/** Who deploys, and where. */
export interface Identity {
  readonly accountId: string
  readonly region: string
  /** The ARN of a user or of a role's session. */
  readonly principal: string
}

/** How a profile is reached. */
export interface AwsChoice {
  readonly profile: string
  /** The profile's own, unless given. */
  readonly region?: string | undefined
  /** AWS_ENDPOINT_URL, or else the profile's `endpoint_url`, unless given. */
  readonly endpoint?: string | undefined
}

/** How often to try before throttling is taken as an answer: forty people may share an account. */
const ATTEMPTS = 8

/**
 * An account, by the name of a profile: credentials come from that profile alone, and never from the environment.
 *
 * @throws `AwsTrouble` when there is no such profile, no region, or more than one endpoint.
 */
export async function awsAccount({
  profile,
  region: wanted,
  endpoint: given,
}: AwsChoice): Promise<AwsAccount> {
  const profiles = readProfiles()
  const settings = profiles.get(profile)
  if (!settings) throw noSuchProfile(profile, [...profiles.keys()])
  const endpoint = given ?? endpointOf(profile, settings)

  const chosen = {
    profile,
    credentials: fromIni({ profile }),
    maxAttempts: ATTEMPTS,
    ...(endpoint !== undefined && { endpoint }),
  }
  let journey: Journey = { profile, region: wanted, endpoint }
  const trouble = (error: unknown) => troubleOf(error, journey)
  const told = async <T>(calling: Promise<T>): Promise<T> => {
    try {
      return await calling
    } catch (error) {
      throw trouble(error)
    }
  }
  // An answer is wanted at once: somebody at a terminal waits for the first call.
  const sts = new STSClient({ ...chosen, maxAttempts: 3, ...(wanted !== undefined && { region: wanted }) })
  const region = await told(sts.config.region())
  journey = { ...journey, region }
  const config = { ...chosen, region }
  const cloudFormation = new CloudFormationClient(config)

  return {
    profile,
    region,
    ...(endpoint !== undefined && { endpoint }),
    config,
    cloudFormation,
    pace: endpoint === undefined ? AWS_PACE : ENDPOINT_PACE,
    async startsAs() {
      const { Account = '', Arn = '' } = await told(sts.send(new GetCallerIdentityCommand({})))
      if (Arn.split(':')[1] !== partitionOf(region)) throw wrongPartition(journey)
      return { accountId: Account, region, principal: Arn }
    },
    told,
    trouble,
    stop() {
      sts.destroy()
      cloudFormation.destroy()
    },
  }
}

/**
 * The one endpoint for everything. The SDK would take a profile's `endpoint_url`, `cdk --profile` would not and go to
 * AWS: so it is read here, and given to both.
 */
function endpointOf(profile: string, settings: Readonly<Record<string, string>>): string | undefined {
  const ofAService = Object.keys(process.env).find(name => /^AWS_ENDPOINT_URL_./.test(name))
  if (ofAService) throw manyEndpoints(ofAService)
  const endpoint = process.env.AWS_ENDPOINT_URL || settings.endpoint_url || undefined
  if (endpoint === undefined && settings.services !== undefined)
    throw manyEndpoints(`services in the profile "${profile}"`)
  return endpoint
}
