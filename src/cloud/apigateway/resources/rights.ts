// What CloudFormation's handlers for API Gateway ask: a table. Its actions are HTTP's methods, its resources the paths of its API.
import { asking, passing, type Rights, type Subject } from '../../cloudformation/rights.ts'
import type { Access } from '../../service.ts'

/** AWS::ApiGatewayV2::Api. */
export const apiRights: Rights = {
  ...madeIn(() => '/apis', 'ApiGatewayV2'),
  tag: 'apigateway: PUT',
  untag: 'apigateway: DELETE',
  tagsOn: tagsOf,
}

export const routeRights = inApi('routes')
export const integrationRights = inApi('integrations', of =>
  passing(of.properties.CredentialsArn, 'apigateway.amazonaws.com'),
)
export const modelRights = inApi('models')
export const authorizerRights = inApi('authorizers', of =>
  passing(of.properties.AuthorizerCredentialsArn, 'apigateway.amazonaws.com'),
)
export const deploymentRights = inApi('deployments')
export const integrationResponseRights = madeIn(
  ({ properties: p }) => `/apis/${p.ApiId}/integrations/${p.IntegrationId}/integrationresponses`,
  'ApiGatewayV2',
)
export const routeResponseRights = madeIn(
  ({ properties: p }) => `/apis/${p.ApiId}/routes/${p.RouteId}/routeresponses`,
  'ApiGatewayV2',
)

/** AWS::ApiGatewayV2::Stage, whose id is its name. */
export const stageRights: Rights = {
  ...madeIn(
    of => `/apis/${of.properties.ApiId}/stages`,
    'ApiGatewayV2',
    of => of.properties.StageName,
  ),
  tag: 'apigateway: TagResource',
  untag: 'apigateway: UntagResource',
}

/** AWS::ApiGatewayV2::DomainName, whose id is its name. */
export const domainNameRights = madeIn(
  () => '/domainnames',
  'ApiGatewayV2',
  of => of.properties.DomainName,
)
export const apiMappingRights = madeIn(
  of => `/domainnames/${of.properties.DomainName}/apimappings`,
  'ApiGatewayV2',
)

export const apiKeyRights = madeIn(() => '/apikeys', 'ApiGateway')
export const usagePlanRights = madeIn(() => '/usageplans', 'ApiGateway')
export const usagePlanKeyRights = madeIn(
  of => `/usageplans/${of.properties.UsagePlanId}/keys`,
  'ApiGateway',
  of => of.properties.KeyId,
)

/** AWS::ApiGateway::Account: a setting of the account, which outlives its resource. */
export const accountRights: Rights = {
  service: 'ApiGateway',
  on: of => arnOf(of, '/account'),
  create: 'apigateway: PATCH',
  read: 'apigateway: GET',
  update: 'apigateway: PATCH',
  also: (of, verb) =>
    verb === 'delete' || of.properties.CloudWatchRoleArn === undefined
      ? []
      : [
          ...asking('iam: GetRole', of.properties.CloudWatchRoleArn),
          ...passing(of.properties.CloudWatchRoleArn, 'apigateway.amazonaws.com'),
        ],
}

function inApi(kind: string, also?: (of: Subject) => readonly Access[]): Rights {
  const rights = madeIn(of => `/apis/${of.properties.ApiId}/${kind}`, 'ApiGatewayV2')
  return {
    ...rights,
    also: (of, verb) => [...rights.also!(of, verb), ...(verb === 'delete' ? [] : (also?.(of) ?? []))],
  }
}

/** Rights of what is made by a POST to a collection, and then lies in it. */
function madeIn(
  collection: (of: Subject) => string,
  service: string,
  name: (of: Subject) => string = () => '*',
): Rights {
  return {
    service,
    on: of => arnOf(of, `${collection(of)}/${of.physicalId?.split(':')[0] ?? name(of)}`),
    create: '',
    read: 'apigateway: GET',
    update: 'apigateway: PATCH',
    delete: 'apigateway: GET DELETE',
    also: (of, verb) => (verb === 'create' ? asking('apigateway: POST', arnOf(of, collection(of))) : []),
  }
}

/** Tags of an API are a resource of their own, which has the API's ARN in its path. */
function tagsOf(of: Subject): string {
  return arnOf(of, `/tags/${encodeURIComponent(arnOf(of, `/apis/${of.physicalId ?? '*'}`))}`)
}

/** API Gateway's ARNs have a region and no account. */
const arnOf = ({ account: { partition, region } }: Subject, path: string): string =>
  `arn:${partition}:apigateway:${region}::${path}`
