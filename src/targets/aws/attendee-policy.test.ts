import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
} from '@aws-sdk/client-cloudformation'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PolicyDocument } from '../../cloud/iam/policy.ts'
import { type Keys, userWith } from '../../selfproof/attendee.ts'
import { type BorrowedAccount, borrowAccount } from '../../selfproof/borrowed-account.ts'
import { attendeePolicies } from './attendee-policy.ts'
import { needOf } from './need.ts'

const place = { accountId: '123456789012', region: 'us-east-1' }
const actionsOf = (policies: readonly PolicyDocument[]) =>
  policies.flatMap(({ Statement }) => [Statement].flat().flatMap(({ Action = [] }) => [Action].flat()))

test('the policy has room in IAM’s quota on a managed policy, and is parted where it has not', () => {
  const policies = attendeePolicies(place)
  for (const policy of policies) expect(JSON.stringify(policy).length).toBeLessThanOrEqual(6144)
  const many = Array.from({ length: 300 }, (_, n) => ({
    action: `sqs:Action${n}`,
    resource: `arn:aws:sqs:{region}:{account}:wslab-${n}-*`,
    by: 'lab1-missing-route',
  }))
  const parted = attendeePolicies(place, many)
  expect(parted.length).toBeGreaterThan(1)
  for (const policy of parted) expect(JSON.stringify(policy).length).toBeLessThanOrEqual(6144)
  expect(actionsOf(parted)).toEqual(many.map(({ action }) => action))
})

test('it is about one account and region, and about one attendee’s stacks if it is for one', () => {
  const text = JSON.stringify(attendeePolicies({ ...place, region: 'eu-west-1', attendee: 'ann' }))
  expect(text).not.toMatch(/[{]account|[{]region|us-east-1/)
  expect(text).toContain('arn:aws:cloudformation:eu-west-1:123456789012:stack/wslab-lab1-missing-route-ann/*')
  // A star would fit the stacks of `mary-ann`.
  expect(text).not.toMatch(/stack\/wslab-\*/)
  expect(JSON.stringify(attendeePolicies(place))).toContain(':stack/wslab-*/*')
})

test('it allows no action as such, and passes roles to Lambda only', () => {
  const [policies] = [attendeePolicies(place)]
  for (const action of actionsOf(policies)) expect(action).toMatch(/^[a-z0-9-]+:[A-Za-z]+$/)
  const statements = policies.flatMap(({ Statement }) => [Statement].flat())
  expect(statements.filter(({ Action = [] }) => [Action].flat().includes('iam:PassRole'))).toMatchObject([
    { Condition: { StringLike: { 'iam:PassedToService': 'lambda.amazonaws.com' } } },
  ])
  const everywhere = statements.filter(({ Resource }) => Resource === '*' || Resource === 'arn:aws:s3:::*')
  // What AWS has no names for, or lists, and what a policy that one brings along would allow.
  for (const action of actionsOf([{ Statement: everywhere }])) {
    expect(action).toMatch(/:((Create|Describe|List|Get)\w+|SimulateCustomPolicy)$/)
  }
})

test('a name that is not the kit’s is not taken for one', () => {
  const asked = { action: 'dynamodb:Scan', resource: 'arn:aws:dynamodb:us-east-1:123456789012:table/Rooms' }
  expect(() => needOf(asked, place, 'lab')).toThrow(
    'There is no telling in general what arn:aws:dynamodb:us-east-1:123456789012:table/Rooms is',
  )
})

/** The resources that every lab has, with code that lies in the template. */
const Resources = {
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { Service: 'lambda.amazonaws.com' },
          Action: 'sts:AssumeRole',
        },
      },
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
    },
  },
  May: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: 'May',
      Roles: [{ Ref: 'Role' }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Action: 'dynamodb:Scan',
          Resource: { 'Fn::GetAtt': ['Room', 'Arn'] },
        },
      },
    },
  },
  Room: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    },
  },
  Logs: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 1 } },
  Talk: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Code: { ZipFile: 'exports.handler = async () => ({ statusCode: 200 })' },
      LoggingConfig: { LogGroup: { Ref: 'Logs' } },
    },
  },
  Api: {
    Type: 'AWS::ApiGatewayV2::Api',
    Properties: { Name: 'Chat', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' },
  },
  Live: {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: { ApiId: { Ref: 'Api' }, StageName: 'live', AutoDeploy: true },
  },
  Invoke: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      FunctionName: { 'Fn::GetAtt': ['Talk', 'Arn'] },
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
    },
  },
}

let borrowed: BorrowedAccount
beforeAll(async () => {
  borrowed = await borrowAccount()
})
afterAll(() => borrowed.stop())

/** Makes and deletes the stack as somebody with these policies; answers with the reasons of what failed. */
async function madeAndDeleted(credentials: Keys): Promise<readonly string[]> {
  const StackName = 'wslab-mutated-ann'
  const { endpoint } = borrowed.cloud
  const client = new CloudFormationClient({ region: place.region, endpoint, credentials })
  const { StackId } = await client.send(
    new CreateStackCommand({
      StackName,
      TemplateBody: JSON.stringify({ Resources }),
      Capabilities: ['CAPABILITY_IAM'],
      Tags: [{ Key: 'wslab', Value: 'true' }],
    }),
  )
  await client.send(new DeleteStackCommand({ StackName }))
  const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName: StackId! }))
  client.destroy()
  if (borrowed.cloud.stacks.list().length > 0) await borrowed.cloud.stacks.delete(StackName)
  return StackEvents!.flatMap(event =>
    event.ResourceStatus!.endsWith('_FAILED') ? [event.ResourceStatusReason ?? ''] : [],
  )
}

/** One of each kind: what is made, tagged, passed on, looked at first, deleted. */
const MUTATIONS = [
  'apigateway:POST',
  'apigateway:TagResource',
  'dynamodb:CreateTable',
  'dynamodb:DescribeTimeToLive',
  'iam:AttachRolePolicy',
  'iam:GetRole',
  'iam:PassRole',
  'lambda:AddPermission',
  'lambda:DeleteFunction',
  'logs:DescribeLogGroups',
  'logs:PutRetentionPolicy',
]

test('with it what the labs are made of comes and goes, and without any one action it fails in AWS’s words', async () => {
  const policies = attendeePolicies(place)
  expect(await madeAndDeleted(await userWith(policies, 'ben', borrowed.cloud))).toEqual([])
  for (const action of MUTATIONS) {
    const mutated = policies.map(policy => without(action, policy))
    const keys = await userWith(mutated, action.replace(':', '-'), borrowed.cloud)
    const reasons = await madeAndDeleted(keys)
    expect(reasons.join('\n'), action).toMatch(
      new RegExp(
        `Resource handler returned message: "User: arn:aws:iam::123456789012:user/${action.replace(':', '-')} is not authorized to perform: ${action} on resource: .* because no identity-based policy allows the ${action} action \\(Service: \\w+, Status Code: 40[03], Request ID: [\\w-]+\\) \\(SDK Attempt Count: 1\\)" \\(RequestToken: [\\w-]+, HandlerErrorCode: AccessDenied\\)`,
      ),
    )
  }
})

const without = (action: string, { Version, Statement }: PolicyDocument): PolicyDocument => ({
  Version: Version!,
  Statement: [Statement].flat().flatMap(statement => {
    const Action = [statement.Action ?? []].flat().filter(one => one !== action)
    // A list of one has brackets: the policy would be larger than the one that fits the quota.
    return Action.length > 0 ? [{ ...statement, Action: Action.length === 1 ? Action[0]! : Action }] : []
  }),
})
