import { randomUUID } from 'node:crypto'
import { AwsError } from '../error.ts'
import type { StackRecord } from './history.ts'
import type { Wanted, Works } from './resources.ts'
import { customName } from './way.ts'

/**
 * CloudFormation's words for a name that something has already, in place of the service's own refusal. A resource of a
 * stack is told with its stack; of anything else the handler of the type speaks.
 * Undefined when the refusal is about something else.
 */
export function alreadyThere(
  error: unknown,
  { logicalId, type, properties }: Wanted,
  site: {
    readonly stack: StackRecord
    readonly works: Works
    /** What is made at the same time. */
    readonly wave: readonly { readonly wanted: Wanted }[]
  },
): AwsError | undefined {
  const { stack, works, wave } = site
  if (!(error instanceof AwsError) || !/Exist|InUse|Conflict/.test(error.code)) return
  const kind = works.types.get(type)!
  const name = customName(kind, properties)
  if (name === undefined) return
  const twin = wave.some(
    ({ wanted }) =>
      wanted.logicalId !== logicalId && wanted.type === type && customName(kind, wanted.properties) === name,
  )
  const holder = twin ? stack.stackId : works.stackWith(type, name)
  return new AwsError(
    'AlreadyExistsException',
    holder === undefined
      ? handlerSays(ownWords[type]?.(name) ?? identified(type, name))
      : `${name} already exists in stack ${holder}`,
  )
}

const identified = (type: string, identifier: string): string =>
  `Resource of type '${type}' with identifier '${identifier}' already exists.`

/**
 * The handlers that do not say what most say (of AWS::IAM::Role: awslabs/stable-diffusion-aws-extension 233; of
 * AWS::ECR::Repository: stratospheric-dev/stratospheric 204). For types without a report the usual words are assumed.
 */
const ownWords: Readonly<Record<string, (name: string) => string>> = {
  // serverless/serverless 3168
  'AWS::Logs::LogGroup': name =>
    identified('AWS::Logs::LogGroup', JSON.stringify({ '/properties/LogGroupName': name })),
  // awslabs/fhir-works-on-aws-deployment 754
  'AWS::SNS::Topic': name => `${name} already exists`,
  // aws-cloudformation/cloudformation-coverage-roadmap 2075
  'AWS::Lambda::Function': () => 'Function creation failed because the function already exists',
  // Of a bucket of one's own account: logs of `cdk bootstrap` that ran a second time.
  'AWS::S3::Bucket': name => `${name} already exists (Service: S3, Status Code: 0, Request ID: null)`,
}

const handlerSays = (message: string): string =>
  `Resource handler returned message: "${message}" (RequestToken: ${randomUUID()}, HandlerErrorCode: AlreadyExists)`
