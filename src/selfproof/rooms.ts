import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Deployment, Target } from '#kit'
import type { Guardian } from '../cloud/guardian.ts'

const get = (id: string, name: string) => ({ 'Fn::GetAtt': [id, name] })
const ref = (id: string) => ({ Ref: id })
const sub = (text: string) => ({ 'Fn::Sub': text })
const resource = (Type: string, Properties: object) => ({ Type, Properties })
const route = (key: string) =>
  resource('AWS::ApiGatewayV2::Route', {
    ApiId: ref('Api'),
    RouteKey: key,
    Target: sub('integrations/${Integration}'),
  })

/** A WebSocket API with one function for all of it, and a table (`TABLE`). */
const template = (code: string) => ({
  Resources: {
    Table: resource('AWS::DynamoDB::Table', {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    }),
    Role: resource('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      },
      Policies: [
        {
          PolicyName: 'All',
          PolicyDocument: {
            Statement: [
              { Effect: 'Allow', Action: ['execute-api:*', 'dynamodb:*', 'logs:*'], Resource: '*' },
            ],
          },
        },
      ],
    }),
    Function: resource('AWS::Lambda::Function', {
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Timeout: 30,
      Role: get('Role', 'Arn'),
      Code: { ZipFile: code },
      Environment: { Variables: { TABLE: ref('Table') } },
    }),
    Api: resource('AWS::ApiGatewayV2::Api', {
      Name: 'room',
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.action',
    }),
    Integration: resource('AWS::ApiGatewayV2::Integration', {
      ApiId: ref('Api'),
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: sub(
        'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations',
      ),
    }),
    Connect: route('$connect'),
    Default: route('$default'),
    Disconnect: route('$disconnect'),
    Permission: resource('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      FunctionName: ref('Function'),
      Principal: 'apigateway.amazonaws.com',
    }),
    Stage: resource('AWS::ApiGatewayV2::Stage', { ApiId: ref('Api'), StageName: 'live', AutoDeploy: true }),
  },
  Outputs: {
    Url: { Value: sub('wss://${Api}.execute-api.${AWS::Region}.amazonaws.com/live') },
    TableName: { Value: ref('Table') },
  },
})

let count = 0

/** Deploys a room of one function, whose source is `code` (CommonJS). */
export function rooms(target: Target, guardian: Guardian, code: string): Promise<Deployment> {
  count += 1
  const stackName = `Room${count}`
  const directory = join(guardian.temporaryFolder('wslab-room-'), 'cdk.out')
  mkdirSync(directory)
  const manifest = {
    version: '36.0.0',
    artifacts: {
      [stackName]: {
        type: 'aws:cloudformation:stack',
        environment: 'aws://unknown-account/unknown-region',
        properties: { templateFile: 'template.json' },
      },
    },
  }
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest))
  writeFileSync(join(directory, 'template.json'), JSON.stringify(template(code)))
  return target.deploy({ directory, stackName, origins: [] })
}
