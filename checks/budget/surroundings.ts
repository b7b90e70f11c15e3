import { iamActions, type Scene } from '#kit'

/** A resource that roles are asked about. */
export interface Target {
  readonly arn: string
  /** `another table`: for the report. */
  readonly what: string
  /** What it means when a role is allowed too much there. */
  readonly means: string
}

/** What is around a stack, for the questions of one check. */
export interface Surroundings {
  /** The stack's own resources, those whose names are like theirs, and its neighbours of the same kinds. */
  readonly targets: readonly Target[]
  /** Something that is not the stack's: from AWS's template for the ARNs of a type, or from an ARN. */
  stranger(template: string): Target
  /** Stands for what a wildcard may be. */
  readonly word: string
  readonly region: string
  readonly accountId: string
}

/** A connection id as API Gateway makes them. */
const CONNECTION = 'XDmENcnwIE0CFEQ='

const OWN_TABLE =
  'This role could change the table, or do away with it. A function needs its rows, never the table itself.'
const OTHER_TABLE = 'This role could use tables that are none of its business.'
const OTHER_API =
  'This role could post to, or hang up on, the clients of other APIs in the account. It needs the connections of its own.'
const ROUTES =
  'This role could come in as a client, through doors that IAM guards. Posting to connections needs no such thing.'
const OWN_CONNECTIONS =
  'This role could post to connections of the stack, or close them, and its functions need not: they only answer, or have nothing to do with these connections.'
/** What is said of everything else. */
export const NOT_NEEDED = 'Nothing in this lab needs that. A permission that nobody needs can only do harm.'

/** Looks around a stack. */
export function surroundingsOf(scene: Scene): Surroundings {
  const { region, accountId } = scene
  const word = `another${scene.nonce()}`
  const ids = (type: string) => scene.resources(type).map(({ physicalId }) => physicalId)
  const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${accountId}:${rest}`

  const tables = ids('AWS::DynamoDB::Table').concat(ids('AWS::DynamoDB::GlobalTable'))
  const named = (type: string, what: string, arnOf: (id: string) => string): Target[] =>
    ids(type).flatMap(id => [
      { arn: arnOf(id), what: `${what} of the stack`, means: NOT_NEEDED },
      ...near(arnOf(id)).map(one => ({
        arn: one,
        what: `${what} that is not the stack's`,
        means: NOT_NEEDED,
      })),
    ])

  return {
    word,
    region,
    accountId,
    targets: [
      ...tables.flatMap(table => aroundTable(arn('dynamodb', `table/${table}`), word)),
      ...aroundApis(ids('AWS::ApiGatewayV2::Api'), ids('AWS::ApiGatewayV2::Stage'), word, rest =>
        arn('execute-api', rest),
      ),
      ...named('AWS::Lambda::Function', 'a function', id => arn('lambda', `function:${id}`)),
      ...named('AWS::SQS::Queue', 'a queue', id => arn('sqs', id.slice(id.lastIndexOf('/') + 1))),
      ...named('AWS::SNS::Topic', 'a topic', id => id),
      ...named('AWS::S3::Bucket', 'a bucket', id => `arn:aws:s3:::${id}`),
      ...named('AWS::Logs::LogGroup', 'a log group', id => arn('logs', `log-group:${id}`)),
      ...named('AWS::Cognito::UserPool', 'a user pool', id => arn('cognito-idp', `userpool/${id}`)),
      ...named('AWS::KMS::Key', 'a key', id => arn('kms', `key/${id}`)),
      ...named('AWS::IAM::Role', 'a role', id => `arn:aws:iam::${accountId}:role/${id}`),
    ],
    stranger(template) {
      const filled = template
        .replace('${Partition}', 'aws')
        .replace('${Region}', region)
        .replace('${Account}', accountId)
        .replace(/\$\{\w+\}/g, word)
      return { arn: filled, ...meaningOf(filled) }
    },
  }

  function meaningOf(arn: string): Omit<Target, 'arn'> {
    if (/:dynamodb:.*:table\//.test(arn)) return { what: 'another table', means: OTHER_TABLE }
    if (/:execute-api:/.test(arn)) return { what: 'another API', means: OTHER_API }
    const service = arn.split(':')[2] ?? ''
    return {
      what: `what ${iamActions().has(service) ? service : 'another service'} has of others`,
      means: NOT_NEEDED,
    }
  }
}

function aroundTable(table: string, word: string): Target[] {
  const own = (part: string, what: string): Target => ({ arn: `${table}${part}`, what, means: OWN_TABLE })
  return [
    own('', 'the table itself'),
    own(`/index/${word}`, 'an index of the table'),
    own('/stream/2026-01-01T00:00:00.000', "the table's stream"),
    own(`/backup/${word}`, 'a backup of the table'),
    own(`/export/${word}`, 'an export of the table'),
    { arn: table.replace(/\/[^/]*$/, `/${word}`), what: 'another table', means: OTHER_TABLE },
    ...near(table).map(arn => ({
      arn,
      what: 'another table, with a name that is like this one',
      means: OTHER_TABLE,
    })),
  ]
}

/** Every way of reaching a connection, on each stage: of the stack's APIs, of others, and of those with similar ids. */
function aroundApis(
  apis: readonly string[],
  stages: readonly string[],
  word: string,
  arn: (rest: string) => string,
): Target[] {
  const names = [...new Set([...stages, word])]
  const others = [word, ...apis.flatMap(api => [`${api}x`, api.slice(0, -1)])]
  return [
    ...others.flatMap(api =>
      names.flatMap(stage => [
        ...['POST', 'GET', 'DELETE'].map(method => ({
          arn: arn(`${api}/${stage}/${method}/@connections/${CONNECTION}`),
          what: 'the connections of another API',
          means: OTHER_API,
        })),
        { arn: arn(`${api}/${stage}/$connect`), what: 'another API', means: ROUTES },
      ]),
    ),
    ...apis.flatMap(api =>
      names.flatMap(stage => [
        ...['POST', 'GET', 'DELETE'].map(method => ({
          arn: arn(`${api}/${stage}/${method}/@connections/${CONNECTION}`),
          what: 'the connections of the API',
          means: OWN_CONNECTIONS,
        })),
        { arn: arn(`${api}/${stage}/$connect`), what: 'the door of the API', means: ROUTES },
      ]),
    ),
  ]
}

/** Names that continue another, are its beginning, or begin like it: CloudFormation begins names with the stack's. */
function near(arn: string): string[] {
  const start = Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1
  const name = arn.slice(start)
  const beginnings = [...name.matchAll(/-/g)].map(({ index }) => `${name.slice(0, index + 1)}Another1X2Y`)
  return [`${name}x`, `${name}-2`, name.slice(0, -1), ...beginnings]
    .filter(one => one !== '')
    .map(one => arn.slice(0, start) + one)
}
