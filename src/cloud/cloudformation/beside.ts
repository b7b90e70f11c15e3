import { randomUUID } from 'node:crypto'
import type { Account } from '../account.ts'
import { references } from './references.ts'
import type { Refusal, Surveyed } from './refusals.ts'
import type { ResourceType } from './resource.ts'
import { askNobody } from './rights.ts'

/**
 * What often stands beside a WebSocket API and changes nothing for it: a web page's distribution, a REST API, a dashboard. It is
 * accepted and not run. `Ref` and `Fn::GetAtt` give texts of AWS's shapes, so that what refers to it stays.
 */
export function besideTypes({ accountId, partition, region, urlSuffix }: Account): readonly ResourceType[] {
  const anArn = (service: string) => () =>
    `arn:${partition}:${service}:${region}:${accountId}:${anId().toLowerCase()}`
  return [
    beside('AWS::CloudFront::Distribution', { Id: anId, DomainName: aDistribution }),
    beside('AWS::CloudFront::CloudFrontOriginAccessIdentity', { Id: anId, S3CanonicalUserId: anId }),
    beside('AWS::CloudFront::OriginAccessControl', { Id: anId }),
    beside('AWS::CloudFront::CachePolicy', { Id: anId }),
    beside('AWS::CloudFront::OriginRequestPolicy', { Id: anId }),
    beside('AWS::CloudFront::ResponseHeadersPolicy', { Id: anId }),
    beside('AWS::CloudFront::Function', { FunctionARN: anArn('cloudfront') }, 'FunctionARN'),
    beside('AWS::CloudFront::KeyGroup', { Id: anId }),
    beside('AWS::CloudFront::PublicKey', { Id: anId }),
    beside('AWS::CloudWatch::Dashboard'),
    beside('AWS::ApiGateway::RestApi', { RestApiId: anId, RootResourceId: anId }, 'RestApiId'),
    beside('AWS::ApiGateway::Resource', { ResourceId: anId }, 'ResourceId'),
    beside('AWS::ApiGateway::Method'),
    beside('AWS::ApiGateway::Model'),
    beside('AWS::ApiGateway::RequestValidator', { RequestValidatorId: anId }, 'RequestValidatorId'),
    beside('AWS::ApiGateway::Authorizer', { AuthorizerId: anId }, 'AuthorizerId'),
    beside('AWS::ApiGateway::GatewayResponse', { Id: anId }),
    beside('AWS::ApiGateway::Deployment', { DeploymentId: anId }, 'DeploymentId'),
    beside('AWS::ApiGateway::Stage'),
    beside('AWS::ApiGateway::DomainName', {
      DistributionDomainName: aDistribution,
      DistributionHostedZoneId: () => 'Z2FDTNDATAQYW2',
      RegionalDomainName: () => `d-${anId().toLowerCase()}.execute-api.${region}.${urlSuffix}`,
      RegionalHostedZoneId: anId,
    }),
    beside('AWS::ApiGateway::BasePathMapping'),
    beside('AWS::WAFv2::WebACL', { Arn: anArn('wafv2'), Id: anId }),
    beside('AWS::WAFv2::WebACLAssociation'),
    beside('AWS::GuardDuty::Detector', { Id: anId }),
    beside('AWS::CodeBuild::Project', { Arn: anArn('codebuild') }),
    beside('AWS::CodePipeline::Pipeline'),
    beside('AWS::Budgets::Budget'),
  ]
}

/** CDK's own helpers for what stands beside: they copy files for a web page, by a function in Python. */
const HELPED: readonly string[] = ['Custom::CDKBucketDeployment']
/** What such a helper is made of. */
const HELPERS: readonly string[] = ['AWS::Lambda::Function', 'AWS::Lambda::LayerVersion']

/** A line for each resource that is accepted and not run. */
export const besideLines = (
  stacks: readonly Surveyed[],
  types: ReadonlyMap<string, ResourceType>,
): readonly string[] =>
  stacks.flatMap(({ stackName, template }) =>
    Object.entries(template.Resources)
      .filter(([, { Type }]) => types.get(Type)?.takesAnything)
      .map(([logicalId, { Type }]) => `${stackName}/${logicalId}: ${Type} is accepted, and not run here`),
  )

/** Whether something that cannot be run is a helper, or what it helps: without it the app does the same. */
export function isBeside({ stackName, logicalId, type }: Refusal, stacks: readonly Surveyed[]): boolean {
  const stack = stacks.find(one => one.stackName === stackName)
  return stack !== undefined && logicalId !== undefined && isHelper(logicalId, type ?? '', stack)
}

/** Helpers that could be run, of something that is left out: nobody would ever call them. */
export function idleHelpers(stacks: readonly Surveyed[], refusals: readonly Refusal[]): readonly Refusal[] {
  const isRefused = (stackName: string, logicalId: string) =>
    refusals.some(one => one.stackName === stackName && one.logicalId === logicalId)
  return stacks.flatMap(stack =>
    Object.entries(stack.template.Resources)
      .filter(([logicalId, { Type }]) => HELPERS.includes(Type) && isHelper(logicalId, Type, stack))
      .filter(([logicalId]) => !isRefused(stack.stackName, logicalId))
      .map(([logicalId, { Type: type }]) => ({
        kind: 'resource' as const,
        stackName: stack.stackName,
        logicalId,
        type,
        what: 'it only helps with what is not run here',
      })),
  )
}

function isHelper(logicalId: string, type: string, stack: Surveyed): boolean {
  if (HELPED.includes(type)) return true
  if (!HELPERS.includes(type)) return false
  const users = Object.entries(stack.template.Resources).filter(
    ([id, { Properties }]) =>
      id !== logicalId && references(Properties ?? {}, '').some(({ name }) => name === logicalId),
  )
  return users.length > 0 && users.every(([id, { Type }]) => isHelper(id, Type, stack))
}

/** `ref` names the attribute that `Ref` gives as well; without it `Ref` gives a name. */
function beside(
  type: string,
  attributes: Readonly<Record<string, () => string>> = {},
  ref = 'Id',
): ResourceType {
  return {
    type,
    properties: {},
    takesAnything: true,
    attributes: Object.keys(attributes),
    rights: askNobody,
    create({ inventName }) {
      const made = Object.fromEntries(Object.entries(attributes).map(([name, make]) => [name, make()]))
      return { physicalId: made[ref] ?? inventName(), attributes: made }
    },
    update: (_, { physicalId, attributes }) => ({ physicalId, attributes }),
  }
}

function anId(): string {
  return `E${randomUUID().replaceAll('-', '').slice(0, 12).toUpperCase()}`
}

function aDistribution(): string {
  return `${anId().toLowerCase()}.cloudfront.net`
}
