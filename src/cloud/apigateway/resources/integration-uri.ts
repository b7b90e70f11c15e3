import type { Core } from '../core.ts'
import type { IntegrationType } from '../definition.ts'
import { functionArn } from '../integrations/lambda-function.ts'
import { REACHED, serviceUri } from '../integrations/service-uri.ts'
import { bad, lacks } from './found.ts'

/** Checks an integration's URI, in REST's words. What stage variables make of it is seen only when it is used (facts: C27). Throws `BadRequestException`. */
export function checkUri(core: Core, type: IntegrationType, uri: string, credentialsArn: string | undefined) {
  if (type === 'MOCK') return
  if (type === 'HTTP' || type === 'HTTP_PROXY') return checkAddress(uri)
  if (functionArn(uri)) return
  const asked = serviceUri(uri)
  if (uri.includes('${stageVariables.') && (type === 'AWS_PROXY' || !asked)) return
  if (!asked || asked.service === 'lambda')
    bad(`Invalid ARN specified in the request: ${uri || 'no IntegrationUri'}`)
  if (type === 'AWS_PROXY') {
    bad(
      "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
    )
  }
  if (!REACHED.includes(asked.service)) lacks(`An integration with ${asked.service} is not run here`)
  if (asked.region !== core.account.region)
    lacks(`An integration with a service in ${asked.region} is not run here`)
  if (!credentialsArn) bad('Role ARN must be specified for AWS integrations')
}

/**
 * The services in a URI that are not run here: to be found even in one that is still in pieces, as CDK makes them, because the service and
 * `:path/` or `:action/` stand in one piece.
 */
export function unreachedService(uri: unknown): string | undefined {
  const service = /(?:^|[":])([a-z][\w.-]*):(?:path|action)\//.exec(JSON.stringify(uri) ?? '')?.[1]
  return service === undefined || REACHED.includes(service) ? undefined : service
}

/** The part of a URL that stage variables or path parameters may make is let pass. */
function checkAddress(uri: string) {
  const tried = uri.replace(/\$\{stageVariables\.[\w-]+\}/g, 'x').replace(/\{[^}]*\}/g, 'x')
  const startsOpen = uri.startsWith('${stageVariables.')
  if (!startsOpen && !(/^https?:\/\//i.test(tried) && URL.canParse(tried))) {
    bad('Invalid HTTP endpoint specified for URI')
  }
}
