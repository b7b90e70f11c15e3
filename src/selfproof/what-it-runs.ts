import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Cloud } from '../cloud/cloud.ts'
import type { Properties } from '../cloud/cloudformation/properties.ts'
import { wrap } from '../report/wrap.ts'
import { house } from '../run/house.ts'

/** The columns of the docs' source. */
const WIDTH = 100

/** What a cloud can run and what it refuses, as Markdown, asked of the cloud itself. */
export function whatItRuns(cloud: Pick<Cloud, 'types' | 'services'>): string {
  return [
    '### Resource types',
    typesTable(cloud),
    'Of a property that it has, it refuses these values:',
    refusedValues(cloud),
    '### APIs',
    apisTable(cloud),
    "### The SDK's packages",
    sdkPackages(),
  ].join('\n\n')
}

function typesTable({ types }: Pick<Cloud, 'types'>): string {
  const rows = types.map(({ type, properties, takesAnything }) => {
    const named = (isHarmless: boolean) =>
      Object.keys(properties)
        .filter(name => (properties[name] === 'harmless') === isHarmless)
        .sort()
        .join(', ')
    return takesAnything ? [type, '', 'everything: it is not run'] : [type, named(false), named(true)]
  })
  return table(['Type', 'Properties that it uses', 'Accepted, without effect here'], rows)
}

/** Values that somebody may well ask for. One that is no longer refused drops out of the page by itself. */
const asked: readonly (readonly [type: string, properties: Properties])[] = [
  ['AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP' }],
  ['AWS::ApiGatewayV2::Authorizer', { AuthorizerType: 'JWT' }],
  ['AWS::ApiGatewayV2::Integration', { IntegrationType: 'AWS_PROXY', ConnectionType: 'VPC_LINK' }],
  ['AWS::ApiGatewayV2::Route', { AuthorizationType: 'AWS_IAM' }],
  ['AWS::ApiGatewayV2::DomainName', { DomainName: '*.example.com' }],
  [
    'AWS::ApiGatewayV2::Stage',
    {
      AccessLogSettings: {
        DestinationArn: 'arn:aws:firehose:us-east-1:123456789012:deliverystream/amazon-apigateway-x',
      },
    },
  ],
  ['AWS::ApiGateway::ApiKey', { StageKeys: [{ RestApiId: 'x', StageName: 'y' }] }],
  ['AWS::ApiGateway::UsagePlan', { ApiStages: [{ ApiId: 'x', Stage: 'y', Throttle: {} }] }],
  ['AWS::Lambda::EventSourceMapping', { EventSourceArn: 'arn:aws:kinesis:us-east-1:123456789012:stream/x' }],
  ['AWS::Lambda::EventSourceMapping', { TumblingWindowInSeconds: 60 }],
  ['AWS::SNS::Subscription', { Protocol: 'email' }],
  [
    'AWS::Events::Rule',
    { Targets: [{ Id: '1', Arn: 'arn:aws:states:us-east-1:123456789012:stateMachine:x' }] },
  ],
  ['AWS::DynamoDB::Table', { StreamSpecification: { ResourcePolicy: {} } }],
  ['AWS::CloudWatch::Alarm', { ExtendedStatistic: 'p99' }],
  ['AWS::CloudWatch::Alarm', { Metrics: [] }],
  ['AWS::EC2::VPCEndpoint', { VpcEndpointType: 'GatewayLoadBalancer' }],
  ['AWS::ElastiCache::ServerlessCache', { Engine: 'memcached', SubnetIds: [] }],
  ['AWS::DynamoDB::GlobalTable', { Replicas: [{ Region: 'us-east-1' }, { Region: 'eu-west-1' }] }],
  ['AWS::IAM::Policy', { Groups: ['Readers'] }],
  ['AWS::Lambda::Function', { Runtime: 'ruby3.3' }],
  ['AWS::Lambda::Function', { PackageType: 'Image' }],
  ['AWS::Lambda::Function', { Runtime: 'nodejs22.x', LoggingConfig: { LogFormat: 'JSON' } }],
]

function refusedValues({ types }: Pick<Cloud, 'types'>): string {
  const refused = asked.flatMap(([name, properties]) => {
    const type = types.find(one => one.type === name)
    if (!type) throw new Error(`There is no resource type ${name} any more: take it out of this list.`)
    const reasons = [...(type.invalid?.(properties) ?? []), ...(type.refuse?.(properties) ?? [])]
    return reasons.map(reason => wrap(`- \`${name}\`: ${reason}`, 2, WIDTH))
  })
  return [...new Set(refused)].join('\n')
}

function apisTable({ services }: Pick<Cloud, 'services'>): string {
  // A service that speaks two protocols, and an operation that has two routes, are still one.
  const names = new Map<string, Set<string>>()
  for (const { signingName, operations } of services) {
    const known = names.get(signingName) ?? new Set()
    for (const { name } of operations) known.add(name)
    names.set(signingName, known)
  }
  return table(
    ['Service', 'Operations'],
    [...names].map(([signingName, known]) => [signingName, [...known].sort().join(', ')]),
  )
}

function sdkPackages(): string {
  const { dependencies } = JSON.parse(readFileSync(join(house, 'package.json'), 'utf8'))
  const names = Object.keys(dependencies).filter(name => name.startsWith('@aws-sdk/'))
  return wrap(names.map(name => `\`${name}\``).join(', '), 0, WIDTH)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `|${cells.map(cell => (cell ? ` ${cell} ` : ' ')).join('|')}|`
  const sorted = [...rows].sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
  return [line(head), line(head.map(() => '---')), ...sorted.map(line)].join('\n')
}
