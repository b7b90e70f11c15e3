import {
  type Capability,
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  paginateListStackResources,
  type Stack,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { fromIni } from '@aws-sdk/credential-providers'
import { type Assembly, DeployFailed, type Deployment, type Target } from '#kit'
import { deployFailed, eventsOf, reasonsIn } from './aws-failure.ts'
import { profileNames } from './aws-profiles.ts'
import { type StackToSend, stackToSend } from './aws-stack.ts'
import {
  AwsTrouble,
  type Journey,
  noSuchProfile,
  partitionOf,
  troubleOf,
  wrongPartition,
} from './aws-trouble.ts'
import { AWS_PACE, ENDPOINT_PACE, whenGone, whenMade } from './aws-wait.ts'

/** Somebody's own AWS account as a target. What is deployed there costs money until it is destroyed. */
export interface AwsTarget extends Target {
  readonly name: 'aws'
  readonly region: string
  /** Where calls go instead of AWS. */
  readonly endpoint?: string
  /** Whom AWS takes us for. Throws `AwsTrouble` for whatever stands in the way. */
  startsAs(): Promise<Identity>
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

/** How long to wait for something that should come, in milliseconds: a cold start behind a cold start, over the internet. */
const PATIENCE = 30_000

/** How often to try before throttling is taken as an answer: thirty people may share an account. */
const ATTEMPTS = 8

/**
 * An account, by the name of a profile: credentials come from that profile alone, and never from the environment.
 * `endpoint`, or AWS_ENDPOINT_URL, points it at another cloud.
 *
 * @throws `AwsTrouble` when there is no such profile, or no region.
 */
export async function awsTarget({
  profile,
  region: wanted,
  endpoint = process.env.AWS_ENDPOINT_URL || undefined,
}: {
  readonly profile: string
  readonly region?: string
  readonly endpoint?: string | undefined
}): Promise<AwsTarget> {
  const known = profileNames()
  if (!known.includes(profile)) throw noSuchProfile(profile, known)
  // The profile is named to every client, so that an endpoint_url in it holds for all of them or for none.
  const chosen = {
    profile,
    credentials: fromIni({ profile }),
    ...(endpoint !== undefined && { endpoint }),
    ...(wanted !== undefined && { region: wanted }),
  }
  const sts = new STSClient(chosen)
  let journey: Journey = { profile, region: wanted, endpoint }
  const region = await told(sts.config.region())
  journey = { ...journey, region }
  const aws = { ...chosen, region }
  const client = new CloudFormationClient({ ...aws, maxAttempts: ATTEMPTS })
  const pace = endpoint === undefined ? AWS_PACE : ENDPOINT_PACE
  /** What this target has made and not destroyed yet, by name: only that does it deploy over. */
  const made = new Map<string, string>()

  return {
    name: 'aws',
    can: new Set(),
    region,
    ...(endpoint !== undefined && { endpoint }),
    startsAs,
    async deploy(assembly: Assembly): Promise<Deployment> {
      const { stackName } = assembly
      const sent = stackToSend(assembly)
      const { accountId } = await startsAs()
      const before = made.get(stackName)
      const stackId = before ? await change(before, sent) : await create(stackName, sent)
      const stack = await orLeftBehind(whenMade(client, stackId, pace), stackName)
      if (
        !stack ||
        (before ? stack.StackStatus?.includes('ROLLBACK') : stack.StackStatus !== 'CREATE_COMPLETE')
      ) {
        const failure = deployFailed(await orLeftBehind(eventsOf(client, stackId), stackName))
        // What was there before an update is there again.
        throw before ? failure : await clearedAway(failure, destroy(stackId, stackName))
      }
      made.set(stackName, stackId)
      return {
        outputs: outputsOf(stack),
        resources: await orLeftBehind(resourcesOf(stackId), stackName),
        aws,
        accountId,
        patience: PATIENCE,
        destroy: () => destroy(stackId, stackName),
      }
    },
    stop() {
      sts.destroy()
      client.destroy()
    },
  }

  async function startsAs(): Promise<Identity> {
    const { Account = '', Arn = '' } = await told(sts.send(new GetCallerIdentityCommand({})))
    if (Arn.split(':')[1] !== partitionOf(region)) throw wrongPartition(journey)
    return { accountId: Account, region, principal: Arn }
  }

  async function create(StackName: string, sent: StackToSend): Promise<string> {
    try {
      return (await client.send(new CreateStackCommand({ StackName, ...asked(sent) }))).StackId!
    } catch (error) {
      if (error instanceof Error && error.name === 'AlreadyExistsException') throw stackExists(StackName)
      throw refused(error)
    }
  }

  async function change(stackId: string, sent: StackToSend): Promise<string> {
    try {
      await client.send(new UpdateStackCommand({ StackName: stackId, ...asked(sent) }))
    } catch (error) {
      if (!(error instanceof Error && error.message === 'No updates are to be performed.'))
        throw refused(error)
    }
    return stackId
  }

  function asked({ templateBody, parameters, tags }: StackToSend) {
    return {
      TemplateBody: templateBody,
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'] satisfies Capability[],
      // By this tag what was left behind can be found, and told from what is not ours.
      Tags: Object.entries({ ...tags, wslab: 'true' }).map(([Key, Value]) => ({ Key, Value })),
    }
  }

  function refused(error: unknown): unknown {
    if (!(error instanceof Error && error.name === 'ValidationError')) return troubleOf(error, journey)
    // The template itself is refused, before anything is made.
    const [reason = '', ...evidence] = error.message.split('\n')
    return new DeployFailed({ reason, evidence: evidence.map(line => line.trim()) })
  }

  async function destroy(stackId: string, stackName: string): Promise<void> {
    made.delete(stackName)
    await orLeftBehind(client.send(new DeleteStackCommand({ StackName: stackId })), stackName)
    const stack = await orLeftBehind(whenGone(client, stackId, pace), stackName)
    if (!stack || stack.StackStatus === 'DELETE_COMPLETE') return
    const failures = (await orLeftBehind(eventsOf(client, stackId), stackName)).filter(
      ({ ResourceStatus, PhysicalResourceId }) =>
        ResourceStatus === 'DELETE_FAILED' && PhysicalResourceId !== stackId,
    )
    const { StackStatus, StackStatusReason } = stack
    throw leftBehind(stackName, [`${StackStatus}: ${StackStatusReason}`, ...reasonsIn(failures)].join('; '))
  }

  /** Once a stack is on its way, whoever loses sight of it must say so: it may cost money. */
  async function orLeftBehind<T>(waiting: Promise<T>, stackName: string): Promise<T> {
    try {
      return await waiting
    } catch (error) {
      const cause = troubleOf(error, journey)
      throw leftBehind(stackName, cause instanceof Error ? cause.message : String(cause), cause)
    }
  }

  async function resourcesOf(StackName: string): Promise<Deployment['resources']> {
    const resources: Deployment['resources'][number][] = []
    for await (const page of paginateListStackResources({ client }, { StackName })) {
      for (const one of page.StackResourceSummaries ?? []) {
        resources.push({
          logicalId: one.LogicalResourceId!,
          type: one.ResourceType!,
          physicalId: one.PhysicalResourceId ?? '',
        })
      }
    }
    return resources
  }

  /** What a call answers; its errors as troubles, where they are. */
  async function told<T>(calling: Promise<T>): Promise<T> {
    try {
      return await calling
    } catch (error) {
      throw troubleOf(error, journey)
    }
  }

  function stackExists(stackName: string): AwsTrouble {
    return new AwsTrouble(
      'stack-exists',
      `There is a stack ${stackName} in ${region} already, and it is not touched.`,
      `If an earlier run left it behind, delete it with \`${deleting(stackName)}\`.`,
    )
  }

  function leftBehind(stackName: string, because: string, cause?: unknown): AwsTrouble {
    return new AwsTrouble(
      'left-behind',
      `The stack ${stackName} may still be there: ${because}`,
      `Look at it, and delete it with \`${deleting(stackName)}\`.`,
      cause,
    )
  }

  function deleting(stackName: string): string {
    const elsewhere = endpoint === undefined ? '' : ` --endpoint-url ${endpoint}`
    return `aws cloudformation delete-stack --stack-name ${stackName} --profile ${profile} --region ${region}${elsewhere}`
  }
}

/** Why the stack failed; and, where it did not go afterwards, that it is still there. */
async function clearedAway(failure: DeployFailed, clearing: Promise<void>): Promise<DeployFailed> {
  try {
    await clearing
    return failure
  } catch (error) {
    if (!(error instanceof AwsTrouble)) throw error
    const { logicalId, reason, evidence } = failure
    return new DeployFailed({
      ...(logicalId !== undefined && { logicalId }),
      reason,
      evidence: [...evidence, error.message, error.next],
    })
  }
}

const outputsOf = ({ Outputs = [] }: Stack): Readonly<Record<string, string>> =>
  Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue ?? '']))
