import type { Properties } from '../../cloudformation/properties.ts'
import type { ResourceType } from '../../cloudformation/resource.ts'
import { AwsError } from '../../error.ts'
import type { Core } from '../core.ts'
import type { Integration, Passthrough } from '../definition.ts'
import { compileTemplate } from '../integrations/mapping-template.ts'
import { compileParameters } from '../integrations/request-parameters.ts'
import { REACHED } from '../integrations/service-uri.ts'
import { compileSelection } from '../messages/selection-expression.ts'
import { apiOf, bad, checkQuota, memberOf } from './found.ts'
import { checkUri, unreachedService } from './integration-uri.ts'
import { integrationRights } from './rights.ts'

/** What an integration may take unless it says otherwise, and at most (facts: C15). In milliseconds. */
const LONGEST = 29_000
const SHORTEST = 50

const TYPES: readonly string[] = ['AWS', 'AWS_PROXY', 'HTTP', 'HTTP_PROXY', 'MOCK']
const METHODS = ['ANY', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']

/** AWS::ApiGatewayV2::Integration (facts: C12 to C20, C23). */
export function integrationResource(core: Core): ResourceType {
  return {
    type: 'AWS::ApiGatewayV2::Integration',
    attributes: ['IntegrationId'],
    rights: integrationRights,
    properties: {
      ApiId: 'replace',
      IntegrationType: 'update',
      IntegrationMethod: 'update',
      IntegrationUri: 'update',
      CredentialsArn: 'update',
      TimeoutInMillis: 'update',
      PassthroughBehavior: 'update',
      RequestParameters: 'update',
      RequestTemplates: 'update',
      TemplateSelectionExpression: 'update',
      ContentHandlingStrategy: 'update',
      PayloadFormatVersion: 'update',
      ConnectionType: 'update',
      Description: 'update',
    },
    invalid: properties => [
      ...valuesBut(properties, 'IntegrationType', TYPES, 'is not a type of integration'),
      ...valuesBut(
        properties,
        'ContentHandlingStrategy',
        ['CONVERT_TO_BINARY', 'CONVERT_TO_TEXT'],
        'is not a strategy',
      ),
    ],
    refuse: properties => [
      ...valuesBut(properties, 'PayloadFormatVersion', ['1.0']),
      ...valuesBut(properties, 'ConnectionType', ['INTERNET']),
      ...refuseService(core, properties),
      ...refuseInvocation(core, properties.RequestParameters),
    ],
    create({ properties }) {
      const api = apiOf(core, properties.ApiId)
      checkQuota(api.integrations, 'Integrations', 300)
      const integrationId = core.ids.resource()
      api.integrations.set(integrationId, integrationFrom(core, integrationId, properties, new Map()))
      api.revision++
      return physical(integrationId)
    },
    update({ properties }, { physicalId }) {
      const api = apiOf(core, properties.ApiId)
      const { responses } = memberOf(api.integrations, 'Integration', physicalId)
      api.integrations.set(physicalId, integrationFrom(core, physicalId, properties, responses))
      api.revision++
      return physical(physicalId)
    },
    delete({ physicalId, properties }) {
      const api = core.apis.get(String(properties.ApiId))
      const user = [...(api?.routes.values() ?? [])].find(route => route.integrationId === physicalId)
      if (user) {
        throw new AwsError(
          'ConflictException',
          `Cannot delete Integration ${physicalId}: it is the target of route ${user.routeKey}`,
          409,
        )
      }
      if (api?.integrations.delete(physicalId)) api.revision++
    },
  }
}

const physical = (integrationId: string) => ({
  physicalId: integrationId,
  attributes: { IntegrationId: integrationId },
})

/** What is not a literal is not known yet and let pass; `integrationFrom` looks again. */
function valuesBut(
  properties: Properties,
  name: string,
  run: readonly string[],
  why = 'is not run here',
): string[] {
  const value: unknown = properties[name]
  return typeof value !== 'string' || run.includes(value)
    ? []
    : [`${name} ${value} ${why}: only ${run.join(' and ')}`]
}

/** Services that are not here at all, and callers' own credentials, of which a WebSocket has none to lend. */
function refuseService(
  core: Core,
  { IntegrationType, IntegrationUri, CredentialsArn }: Properties,
): string[] {
  if (IntegrationType !== 'AWS' && IntegrationType !== 'AWS_PROXY') return []
  const service = unreachedService(IntegrationUri)
  if (service) return [`IntegrationUri with ${service} is not run here: only ${REACHED.join(', ')}`]
  const isElsewhere = /:(dynamodb|sns|sqs):(path|action)\//.test(JSON.stringify(IntegrationUri) ?? '')
  return [
    ...(isElsewhere && !core.callAs
      ? ['IntegrationUri with a service other than lambda is not run here yet']
      : []),
    ...(typeof CredentialsArn === 'string' && CredentialsArn.includes('*')
      ? [`CredentialsArn ${CredentialsArn} is not run here: only a role`]
      : []),
  ]
}

/** How a function is to be invoked: at once, or in its own time if there is somebody who queues. */
function refuseInvocation(core: Core, parameters: unknown): string[] {
  if (typeof parameters !== 'object' || parameters === null) return []
  const run = ["'RequestResponse'", ...(core.queueEvent ? ["'Event'"] : [])]
  return Object.entries(parameters).flatMap(([name, value]) =>
    /^integration\.request\.header\.x-amz-invocation-type$/i.test(name) &&
    /^'.*'$/.test(value) &&
    !run.includes(value)
      ? [`X-Amz-Invocation-Type ${value} is not run here: only ${run.join(' and ')}`]
      : [],
  )
}

function integrationFrom(
  core: Core,
  integrationId: string,
  properties: Properties,
  responses: Integration['responses'],
): Integration {
  const { IntegrationUri, TimeoutInMillis = LONGEST, RequestParameters = {} } = properties
  const timeout = Number(TimeoutInMillis)
  if (!(timeout >= SHORTEST && timeout <= LONGEST))
    bad(`Timeout should be between ${SHORTEST} ms and ${LONGEST} ms`)
  const type: Integration['type'] = properties.IntegrationType
  if (!TYPES.includes(type)) bad(`Invalid integration type ${type}: must be one of [${TYPES.join(', ')}]`)
  const uri = IntegrationUri && String(IntegrationUri)
  const credentialsArn = properties.CredentialsArn && String(properties.CredentialsArn)
  checkUri(core, type, uri ?? '', credentialsArn)
  const parameters = Object.fromEntries(
    Object.entries(RequestParameters).map(([target, source]) => [target, String(source)]),
  )
  compileParameters(parameters)
  return {
    integrationId,
    type,
    method: methodFrom(type, properties.IntegrationMethod),
    uri,
    credentialsArn,
    timeout,
    passthrough: passthroughFrom(properties.PassthroughBehavior),
    parameters,
    templates: templatesFrom(properties.TemplateSelectionExpression, properties.RequestTemplates),
    decodes: properties.ContentHandlingStrategy === 'CONVERT_TO_BINARY',
    responses,
  }
}

/** A proxied function is always invoked by POST, a mock by nothing; CDK leaves the method out for both (facts: H6). */
function methodFrom(type: Integration['type'], value: unknown): string {
  if (type === 'MOCK' || (type === 'AWS_PROXY' && value === undefined)) return 'POST'
  if (!value) bad('Enumeration value for HttpMethod must be non-empty')
  const method = String(value)
  if (!METHODS.includes(method)) bad(`Invalid HTTP method ${method}: must be one of [${METHODS.join(', ')}]`)
  return method
}

function passthroughFrom(value: unknown = 'WHEN_NO_MATCH'): Passthrough {
  if (value !== 'WHEN_NO_MATCH' && value !== 'WHEN_NO_TEMPLATES' && value !== 'NEVER') {
    bad(`Invalid passthrough behavior ${value}: must be one of [WHEN_NO_MATCH, WHEN_NO_TEMPLATES, NEVER]`)
  }
  return value
}

/** Templates by selection key. Throws `BadRequestException` for one that does not parse. */
export function templatesFrom(selection: unknown, templates: unknown = {}): Integration['templates'] {
  const texts = Object.fromEntries(
    Object.entries(templates as object).map(([key, text]) => [
      key,
      // A template that was written as an object in the template around it.
      typeof text === 'string' ? text : JSON.stringify(text),
    ]),
  )
  for (const text of Object.values(texts)) compileTemplate(text)
  if (selection !== undefined) compileSelection(String(selection))
  return { texts, ...(selection !== undefined && { selection: String(selection) }) }
}
