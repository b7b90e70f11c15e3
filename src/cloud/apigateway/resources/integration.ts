import type { Properties, ResourceType } from '../../cloudformation/resource.ts'
import { AwsError } from '../../error.ts'
import type { Integration, Passthrough } from '../api.ts'
import type { Core } from '../core.ts'
import { functionArn } from '../lambda-function.ts'
import { compileTemplate } from '../mapping-template.ts'
import { compileSelection } from '../selection-expression.ts'
import { apiOf, bad, checkQuota, memberOf } from './found.ts'

/** What an integration may take unless it says otherwise, and at most (facts: C15). In milliseconds. */
const LONGEST = 29_000
const SHORTEST = 50

/** AWS::ApiGatewayV2::Integration, of the types AWS_PROXY with a function and MOCK (facts: C13, C14, C15, C16). */
export function integrationResource(core: Core): ResourceType {
  return {
    type: 'AWS::ApiGatewayV2::Integration',
    properties: {
      ApiId: 'replace',
      IntegrationType: 'update',
      IntegrationUri: 'update',
      CredentialsArn: 'update',
      TimeoutInMillis: 'update',
      PassthroughBehavior: 'update',
      RequestTemplates: 'update',
      TemplateSelectionExpression: 'update',
      ContentHandlingStrategy: 'update',
      PayloadFormatVersion: 'update',
      ConnectionType: 'update',
      // A function is always invoked by POST, a mock by nothing.
      IntegrationMethod: 'harmless',
      Description: 'harmless',
    },
    refuse: properties => [
      ...refuseValues(properties, 'IntegrationType', ['AWS_PROXY', 'MOCK']),
      ...refuseValues(properties, 'ContentHandlingStrategy', ['CONVERT_TO_TEXT']),
      ...refuseValues(properties, 'PayloadFormatVersion', ['1.0']),
      ...refuseValues(properties, 'ConnectionType', ['INTERNET']),
    ],
    create({ properties }) {
      const api = apiOf(core, properties.ApiId)
      checkQuota(api.integrations, 'Integrations', 300)
      const integrationId = core.ids.resource()
      api.integrations.set(integrationId, integrationFrom(integrationId, properties, new Map()))
      api.revision++
      return physical(integrationId)
    },
    update({ properties }, { physicalId }) {
      const api = apiOf(core, properties.ApiId)
      const { responses } = memberOf(api.integrations, 'Integration', physicalId)
      api.integrations.set(physicalId, integrationFrom(physicalId, properties, responses))
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
function refuseValues(properties: Properties, name: string, run: readonly string[]): string[] {
  const value: unknown = properties[name]
  return typeof value !== 'string' || run.includes(value)
    ? []
    : [`${name} ${value} is not run here: only ${run.join(' and ')}`]
}

function integrationFrom(
  integrationId: string,
  properties: Properties,
  responses: Integration['responses'],
): Integration {
  const {
    IntegrationType: type,
    IntegrationUri,
    CredentialsArn,
    TimeoutInMillis = LONGEST,
    PassthroughBehavior,
  } = properties
  const timeout = Number(TimeoutInMillis)
  if (!(timeout >= SHORTEST && timeout <= LONGEST))
    bad(`Timeout should be between ${SHORTEST} ms and ${LONGEST} ms`)
  if (type !== 'AWS_PROXY' && type !== 'MOCK') bad(`Integration type ${type} is not run here`)
  if (type === 'AWS_PROXY') checkUri(String(IntegrationUri ?? ''))
  return {
    integrationId,
    type,
    uri: IntegrationUri && String(IntegrationUri),
    credentialsArn: CredentialsArn && String(CredentialsArn),
    timeout,
    passthrough: passthroughFrom(PassthroughBehavior),
    templates: templatesFrom(properties.TemplateSelectionExpression, properties.RequestTemplates),
    responses,
  }
}

/** What stage variables make of a URI is seen only when it is used (facts: C27). */
function checkUri(uri: string) {
  if (!functionArn(uri) && !uri.includes('${stageVariables.')) {
    bad(`Invalid ARN specified in the request: ${uri || 'no IntegrationUri'}`)
  }
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
