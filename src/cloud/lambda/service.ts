import type { Account } from '../account.ts'
import { AwsError } from '../error.ts'
import { denialText } from '../iam/denial.ts'
import type { Call, Operation, RestInput, Service } from '../service.ts'
import { describeVersion } from './describe-version.ts'
import {
  findFunction,
  functionArn,
  heardPolicy,
  type LambdaFunction,
  notFound,
  qualifiedArn,
  readName,
} from './functions.ts'
import type { Invoker } from './invoker.ts'
import { checkAsked } from './names.ts'
import { policyText } from './permission-resource.ts'

/** The operations of Lambda's API that callers of functions need, and `more`. */
export function lambdaService(
  functions: ReadonlyMap<string, LambdaFunction>,
  account: Account,
  invoker: Invoker,
  more: readonly Operation<RestInput>[],
): Service {
  const named = ({ params, query }: RestInput) =>
    findFunction(functions, account, params.functionName!, query.Qualifier)

  /** Access to a function that need not exist: AWS says no before it looks. */
  const access = (action: string) => (input: RestInput) => {
    checkAsked(input.params.functionName!, input.query.Qualifier)
    const { name, qualifier = input.query.Qualifier } = readName(input.params.functionName!)
    const fn = functions.get(name)
    return [
      {
        action: `lambda:${action}`,
        resource: qualifiedArn(functionArn(account, name), qualifier),
        ...(fn ? { resourcePolicy: heardPolicy(fn, qualifier) } : {}),
      },
    ]
  }

  const listFunctions = {
    name: 'ListFunctions',
    access: () => [{ action: 'lambda:ListFunctions', resource: '*' }],
    run: () => ({
      Functions: [...functions.values()].map(fn => describeVersion(fn.versions.get('$LATEST')!, undefined)),
    }),
  }

  const operations: readonly Operation<RestInput>[] = [
    {
      name: 'Invoke',
      route: 'POST /2015-03-31/functions/:functionName/invocations',
      access: access('InvokeFunction'),
      run: (input, call) => invoke(input, call),
    },
    {
      name: 'GetFunctionConfiguration',
      route: 'GET /2015-03-31/functions/:functionName/configuration',
      access: access('GetFunctionConfiguration'),
      run: input => describeVersion(named(input).version, qualifierOf(input)),
    },
    {
      name: 'GetPolicy',
      route: 'GET /2015-03-31/functions/:functionName/policy',
      access: access('GetPolicy'),
      run(input) {
        const Policy = policyText(named(input).fn, qualifierOf(input))
        if (Policy === undefined) throw notFound('The resource you requested does not exist.')
        return { Policy, RevisionId: '00000000-0000-0000-0000-000000000000' }
      },
    },
    {
      name: 'GetFunction',
      route: 'GET /2015-03-31/functions/:functionName',
      access: access('GetFunction'),
      run(input) {
        const { fn, version } = named(input)
        return {
          Configuration: describeVersion(version, qualifierOf(input)),
          Code: { RepositoryType: 'S3' },
          ...(Object.keys(fn.tags).length > 0 ? { Tags: fn.tags } : {}),
          ...(fn.reserved === undefined
            ? {}
            : { Concurrency: { ReservedConcurrentExecutions: fn.reserved } }),
        }
      },
    },
    // Clients write it with the slash and without.
    { ...listFunctions, route: 'GET /2015-03-31/functions' },
    { ...listFunctions, route: 'GET /2015-03-31/functions/' },
    ...more,
  ]

  return {
    signingName: 'lambda',
    protocol: 'rest-json',
    operations,
    denied: (asked, decision, call) =>
      new AwsError('AccessDeniedException', denialText(call.principal, asked, decision), 403),
  }

  async function invoke(input: RestInput, { wire }: Call) {
    const target = named(input)
    const type = String(wire.headers['x-amz-invocation-type'] ?? 'RequestResponse')
    const payload = input.body.length > 0 ? input.body.toString() : '{}'
    checkJson(payload)
    if (type === 'DryRun') return { status: 204, headers: {}, body: '' }
    if (type === 'Event') {
      return { status: 202, headers: { 'x-amzn-requestid': invoker.runLater(target, payload) }, body: '' }
    }
    if (type !== 'RequestResponse') {
      throw new AwsError(
        'InvalidParameterValueException',
        `1 validation error detected: Value '${type}' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [RequestResponse, Event, DryRun]`,
        400,
        { Type: 'User' },
      )
    }
    const done = await invoker.run(target, payload, undefined, clientContextIn(wire))
    return {
      status: 200,
      headers: {
        'content-type': 'application/json',
        'x-amz-executed-version': done.version,
        ...(done.kind === 'failed' ? { 'x-amz-function-error': 'Unhandled' } : {}),
        ...(wire.headers['x-amz-log-type'] === 'Tail'
          ? { 'x-amz-log-result': Buffer.from(done.tail).toString('base64') }
          : {}),
      },
      body: done.kind === 'failed' ? JSON.stringify(done.error) : done.payload,
    }
  }
}

/** What a caller says of itself: JSON, in Base64. */
function clientContextIn({ headers }: Call['wire']): string | undefined {
  const given = headers['x-amz-client-context']
  if (given === undefined || given === '') return
  const text = Buffer.from(String(given), 'base64').toString()
  try {
    JSON.parse(text)
    return text
  } catch {
    throw new AwsError(
      'InvalidRequestContentException',
      'Client context must be a valid Base64-encoded JSON object.',
      400,
      { Type: 'User' },
    )
  }
}

function checkJson(payload: string) {
  try {
    JSON.parse(payload)
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${(error as Error).message}`,
      400,
      { Type: 'User' },
    )
  }
}

const qualifierOf = ({ params, query }: RestInput) =>
  readName(params.functionName!).qualifier ?? query.Qualifier
