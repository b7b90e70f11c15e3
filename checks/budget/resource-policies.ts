import { DynamoDBClient, GetResourcePolicyCommand } from '@aws-sdk/client-dynamodb'
import { GetPolicyCommand, LambdaClient } from '@aws-sdk/client-lambda'
import type { Scene } from '#kit'
import type { Role } from './role.ts'
import { type Found, type Statement, statementsIn } from './statement.ts'
import { many } from './wildcards.ts'

/** A resource of the stack that has a policy of its own. */
export interface Guarded {
  readonly arn: string
  readonly statements: readonly Found[]
}

/** A kind of resource that can have a policy: how it is read, and the errors that say that there is none. */
interface Kind {
  readonly type: string
  readonly what: string
  readonly none: RegExp
  arn(scene: Scene, id: string): string
  read(scene: Scene, id: string, arn: string): Promise<string | undefined>
}

const here = ({ region, accountId }: Scene, service: string, rest: string) =>
  `arn:aws:${service}:${region}:${accountId}:${rest}`

/** SDK clients that few stacks call for are loaded when one does. */
const kinds: readonly Kind[] = [
  {
    type: 'AWS::DynamoDB::Table',
    what: 'table',
    none: /^PolicyNotFoundException$/,
    arn: (scene, id) => here(scene, 'dynamodb', `table/${id}`),
    read: async (scene, _id, ResourceArn) =>
      (await scene.aws(DynamoDBClient).send(new GetResourcePolicyCommand({ ResourceArn }))).Policy,
  },
  {
    type: 'AWS::Lambda::Function',
    what: 'function',
    none: /^ResourceNotFoundException$/,
    arn: (scene, id) => here(scene, 'lambda', `function:${id}`),
    read: async (scene, FunctionName) =>
      (await scene.aws(LambdaClient).send(new GetPolicyCommand({ FunctionName }))).Policy,
  },
  {
    type: 'AWS::SQS::Queue',
    what: 'queue',
    none: /^$/,
    arn: (scene, url) => here(scene, 'sqs', url.slice(url.lastIndexOf('/') + 1)),
    async read(scene, QueueUrl) {
      const { GetQueueAttributesCommand, SQSClient } = await import('@aws-sdk/client-sqs')
      const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] })
      return (await scene.aws(SQSClient).send(command)).Attributes?.Policy
    },
  },
  {
    type: 'AWS::SNS::Topic',
    what: 'topic',
    none: /^$/,
    arn: (_scene, arn) => arn,
    async read(scene, TopicArn) {
      const { GetTopicAttributesCommand, SNSClient } = await import('@aws-sdk/client-sns')
      return (await scene.aws(SNSClient).send(new GetTopicAttributesCommand({ TopicArn }))).Attributes?.Policy
    },
  },
  {
    type: 'AWS::S3::Bucket',
    what: 'bucket',
    none: /^NoSuchBucketPolicy$/,
    arn: (_scene, id) => `arn:aws:s3:::${id}`,
    async read(scene, Bucket) {
      const { GetBucketPolicyCommand, S3Client } = await import('@aws-sdk/client-s3')
      return (await scene.aws(S3Client).send(new GetBucketPolicyCommand({ Bucket }))).Policy
    },
  },
]

/** Reads the policies that resources of the stack have themselves. IAM does not simulate them for roles. */
export async function guardedBy(scene: Scene): Promise<Guarded[]> {
  const reading = kinds.flatMap(kind =>
    scene.resources(kind.type).map(async ({ physicalId }) => {
      const arn = kind.arn(scene, physicalId)
      const text = await kind.read(scene, physicalId, arn).catch((error: Error) => {
        if (kind.none.test(error.name)) return undefined
        throw error
      })
      const title = `the policy of the ${kind.what} ${physicalId}`
      return text ? [{ arn, statements: statementsIn(text, physicalId, title) }] : []
    }),
  )
  return (await Promise.all(reading)).flat()
}

/** What a resource's policy gives or denies a role, as if it stood in the role's own policy: of that resource only. */
export function asOfRole({ arn, statements }: Guarded, role: Role): Found[] {
  return statements
    .filter(({ statement }) => covers(statement, role))
    .map(found => {
      const { Principal: _, NotPrincipal: __, ...rest } = found.statement
      return { ...found, statement: { ...rest, Resource: within(arn, many(found.statement.Resource)) } }
    })
}

/** `*` in a resource's policy means the resource. */
const within = (arn: string, patterns: readonly string[]): string[] => {
  const own = patterns.filter(
    pattern => pattern === arn || pattern.startsWith(`${arn}/`) || pattern.startsWith(`${arn}:`),
  )
  return patterns.length > 0 && own.length === patterns.length ? own : [arn, `${arn}/*`]
}

function covers({ Principal, NotPrincipal }: Statement, { arn, id, name }: Role): boolean {
  if (NotPrincipal !== undefined) return !JSON.stringify(NotPrincipal).includes(arn)
  if (Principal === '*') return true
  return many(Principal?.AWS).some(
    one => one === '*' || one === arn || one === id || one.includes(`:assumed-role/${name}/`),
  )
}

/** Conditions that keep strangers out, even where the principal is everyone. */
const LIMITS =
  /^(aws:(PrincipalAccount|PrincipalArn|PrincipalOrgID|PrincipalOrgPaths|SourceAccount|SourceArn|SourceOwner|SourceOrgID|SourceVpc|SourceVpce|userid)|lambda:FunctionUrlAuthType)$/i

/** Whether a statement lets others than the account's own people and AWS's services in. */
export function letsStrangersIn(
  { Effect, Principal, NotPrincipal, Condition }: Statement,
  accountId: string,
): boolean {
  if (Effect !== 'Allow') return false
  const limited = Object.entries(Condition ?? {}).some(
    ([operator, keys]) =>
      !/Not|Null|IfExists/i.test(operator) && Object.keys(keys).some(key => LIMITS.test(key)),
  )
  if (limited) return false
  if (NotPrincipal !== undefined || Principal === '*') return true
  return many(Principal?.AWS).some(one => one === '*' || (/\d{12}/.test(one) && !one.includes(accountId)))
}
