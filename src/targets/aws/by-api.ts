import { type Capability, CreateStackCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation'
import { type Assembly, DeployFailed, type Deployment, type Target } from '#kit'
import { type AwsChoice, awsAccount, type Identity } from './account.ts'
import { deployFailed, eventsOf } from './failure.ts'
import { clearedAway, deleteStack, deploymentOf, orLeftBehind } from './stack.ts'
import { type StackToSend, stackToSend } from './stack-to-send.ts'
import { AwsTrouble } from './trouble.ts'
import { whenMade } from './wait.ts'

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

/**
 * An account for many small stacks without files, eight at a time: they go straight to CloudFormation, where the CDK would
 * take seconds and a process for each. Labs are deployed by the CDK: see `labs.ts`.
 *
 * @throws `AwsTrouble` as `awsAccount` does.
 */
export async function apiTarget(choice: AwsChoice): Promise<AwsTarget> {
  const account = await awsAccount(choice)
  const { cloudFormation: client, pace, profile, region, endpoint } = account
  /** What this target has made and not destroyed yet, by name: only that does it deploy over. */
  const made = new Map<string, string>()

  return {
    name: 'aws',
    can: new Set(),
    region,
    ...(endpoint !== undefined && { endpoint }),
    startsAs: account.startsAs,
    async deploy(assembly: Assembly): Promise<Deployment> {
      const { stackName } = assembly
      const sent = stackToSend(assembly)
      const { accountId } = await account.startsAs()
      const before = made.get(stackName)
      const stackId = before ? await change(before, sent) : await create(stackName, sent)
      const there = { stackId, stackName, howToDelete: deleting(stackName) }
      const destroy = () => {
        made.delete(stackName)
        return deleteStack(account, there)
      }
      const stack = await orLeftBehind(account, whenMade(client, stackId, pace), there)
      if (
        !stack ||
        (before ? stack.StackStatus?.includes('ROLLBACK') : stack.StackStatus !== 'CREATE_COMPLETE')
      ) {
        const failure = deployFailed(await orLeftBehind(account, eventsOf(client, stackId), there))
        // What was there before an update is there again.
        throw before ? failure : await clearedAway(failure, destroy())
      }
      made.set(stackName, stackId)
      return orLeftBehind(account, deploymentOf(account, stack, accountId, destroy), there)
    },
    stop: account.stop,
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
    if (!(error instanceof Error && error.name === 'ValidationError')) return account.trouble(error)
    // The template itself is refused, before anything is made.
    const [reason = '', ...evidence] = error.message.split('\n')
    return new DeployFailed({ reason, evidence: evidence.map(line => line.trim()) })
  }

  function stackExists(stackName: string): AwsTrouble {
    return new AwsTrouble(
      'stack-exists',
      `There is a stack ${stackName} in ${region} already, and it is not touched.`,
      `If an earlier run left it behind, delete it with \`${deleting(stackName)}\`.`,
    )
  }

  function deleting(stackName: string): string {
    const elsewhere = endpoint === undefined ? '' : ` --endpoint-url ${endpoint}`
    return `aws cloudformation delete-stack --stack-name ${stackName} --profile ${profile} --region ${region}${elsewhere}`
  }
}
