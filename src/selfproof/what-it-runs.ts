import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Cloud } from '../cloud/cloud.ts'
import type { Properties } from '../cloud/cloudformation/resource.ts'
import { house } from '../run/house.ts'

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
  const rows = types.map(({ type, properties }) => {
    const named = (isHarmless: boolean) =>
      Object.keys(properties)
        .filter(name => (properties[name] === 'harmless') === isHarmless)
        .sort()
        .join(', ')
    return [type, named(false), named(true)]
  })
  return table(['Type', 'Properties it goes by', 'Accepted, without effect here'], rows)
}

/** Values that somebody may well ask for. One that is no longer refused drops out of the page by itself. */
const asked: readonly (readonly [type: string, properties: Properties])[] = [
  ['AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP' }],
  ['AWS::ApiGatewayV2::Authorizer', { AuthorizerType: 'JWT' }],
  ['AWS::ApiGatewayV2::Integration', { IntegrationType: 'AWS' }],
  ['AWS::ApiGatewayV2::Integration', { IntegrationType: 'HTTP_PROXY' }],
  ['AWS::ApiGatewayV2::Integration', { IntegrationType: 'AWS_PROXY', ConnectionType: 'VPC_LINK' }],
  ['AWS::ApiGatewayV2::Route', { AuthorizationType: 'AWS_IAM' }],
  ['AWS::ApiGatewayV2::Route', { ApiKeyRequired: true }],
  ['AWS::ApiGatewayV2::Stage', { DefaultRouteSettings: { LoggingLevel: 'INFO' } }],
  ['AWS::ApiGatewayV2::Stage', { DefaultRouteSettings: { DataTraceEnabled: true } }],
  ['AWS::DynamoDB::GlobalTable', { Replicas: [{ Region: 'us-east-1' }, { Region: 'eu-west-1' }] }],
  ['AWS::IAM::Policy', { Groups: ['Readers'] }],
  ['AWS::Lambda::Function', { Runtime: 'python3.13' }],
  ['AWS::Lambda::Function', { PackageType: 'Image' }],
  ['AWS::Lambda::Function', { Runtime: 'nodejs22.x', LoggingConfig: { LogFormat: 'JSON' } }],
]

function refusedValues({ types }: Pick<Cloud, 'types'>): string {
  const refused = asked.flatMap(([name, properties]) => {
    const type = types.find(one => one.type === name)
    if (!type) throw new Error(`There is no resource type ${name} any more: take it out of this list.`)
    return (type.refuse?.(properties) ?? []).map(reason => `- \`${name}\`: ${reason}`)
  })
  return [...new Set(refused)].join('\n')
}

function apisTable({ services }: Pick<Cloud, 'services'>): string {
  const rows = services.map(({ signingName, operations }) => [
    signingName,
    // One that has two routes is still one.
    [...new Set(operations.map(({ name }) => name))].sort().join(', '),
  ])
  return table(['Service', 'Operations'], rows)
}

function sdkPackages(): string {
  const { dependencies } = JSON.parse(readFileSync(join(house, 'package.json'), 'utf8'))
  const names = Object.keys(dependencies).filter(name => name.startsWith('@aws-sdk/'))
  return names.map(name => `\`${name}\``).join(', ')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `|${cells.map(cell => (cell ? ` ${cell} ` : ' ')).join('|')}|`
  const sorted = [...rows].sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
  return [line(head), line(head.map(() => '---')), ...sorted.map(line)].join('\n')
}
