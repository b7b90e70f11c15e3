import { expect, test } from 'vitest'
import { AwsError } from '../error.ts'
import { alreadyThere } from './already-there.ts'

const NAMES: Record<string, string> = {
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
}

function refusal(
  type: string,
  error: unknown,
  { holder, named = true }: { holder?: string; named?: boolean } = {},
) {
  const nameProperty = NAMES[type]!
  const wanted = { logicalId: 'Mine', type, properties: named ? { [nameProperty]: 'hall' } : {} }
  const works = { types: new Map([[type, { type, nameProperty }]]), stackWith: () => holder }
  return alreadyThere(error, wanted as never, {
    stack: { stackId: 'arn:own' } as never,
    works: works as never,
    wave: [],
  })?.message
}

const taken = new AwsError('ResourceInUseException', 'It is there already.')
const TOKEN = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'

test.each([
  ['AWS::IAM::Role', "Resource of type 'AWS::IAM::Role' with identifier 'hall' already exists."],
  ['AWS::DynamoDB::Table', "Resource of type 'AWS::DynamoDB::Table' with identifier 'hall' already exists."],
  [
    'AWS::Logs::LogGroup',
    `Resource of type 'AWS::Logs::LogGroup' with identifier '{"/properties/LogGroupName":"hall"}' already exists.`,
  ],
  ['AWS::SNS::Topic', 'hall already exists'],
  ['AWS::Lambda::Function', 'Function creation failed because the function already exists'],
  ['AWS::S3::Bucket', 'hall already exists (Service: S3, Status Code: 0, Request ID: null)'],
])('the handler of %s says that the name is taken outside of all stacks', (type, message) => {
  const said = refusal(type, taken)!
  expect(said).toContain(`Resource handler returned message: "${message}" (RequestToken: `)
  expect(said).toMatch(new RegExp(`\\(RequestToken: ${TOKEN}, HandlerErrorCode: AlreadyExists\\)$`))
})

test('the name of a resource of a stack is told with its stack', () => {
  const holder = 'arn:aws:cloudformation:us-east-1:123456789012:stack/Other/1'
  for (const type of Object.keys(NAMES)) {
    expect(refusal(type, taken, { holder })).toBe(`hall already exists in stack ${holder}`)
  }
})

test('refusals of something else stay as they are', () => {
  expect(refusal('AWS::IAM::Role', new AwsError('MalformedPolicyDocument', 'no'))).toBeUndefined()
  expect(refusal('AWS::IAM::Role', new Error('no'))).toBeUndefined()
  expect(refusal('AWS::IAM::Role', taken, { named: false })).toBeUndefined()
})
