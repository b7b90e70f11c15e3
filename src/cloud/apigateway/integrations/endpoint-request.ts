import { validateHeaderName, validateHeaderValue } from 'node:http'
import { AwsError } from '../../error.ts'
import type { Pairs } from '../logs/trace.ts'
import { says } from '../messages/error-frame.ts'
import { withStageVariables } from '../stage-variables.ts'
import { type Errand, type Fault, fault } from './errand.ts'
import type { Place } from './request-parameters.ts'
import { scopeOf, transform } from './transform.ts'

/** What a request to a backend is made of, whatever kind of backend it is. */
export interface Parts {
  readonly method: string
  /** The integration's URI with its stage variables and path parameters. */
  readonly uri: string
  readonly query: Pairs
  /** Mapped ones. */
  readonly headers: Pairs
  readonly body: Buffer
}

/** Headers that are API Gateway's own to set: mapping one fails the request. */
const OURS = ['content-length', 'transfer-encoding', 'x-amzn-trace-id', 'x-amzn-apigateway-api-id']
/** And in a request to AWS, which is signed. */
const SIGNERS = ['authorization', 'connection', 'expect', 'proxy-authenticate', 'te']
/** Requests of these methods have no body. */
const WITHOUT_BODY = ['GET', 'HEAD', 'OPTIONS']

/**
 * Maps the request parameters and transforms the body (facts: C12, C13, C20, C23, C27). A fault when the message must not pass.
 * Throws `AwsError` for settings that do not work.
 */
export function prepare({ integration, route, passage }: Errand): Parts | Fault {
  const method = methodOf(integration.method, passage.occasion.what.eventType)
  const isProxy = integration.type === 'HTTP_PROXY'
  const text = isProxy ? passage.body : transform(integration.request, passage.sources, scopeOf(passage))
  // The text is REST's (assumed: C13).
  if (text === undefined) return fault(415, says.unsupportedMediaType, 'Unsupported Media Type')

  const mapped = (place: Place): Pairs =>
    integration.parameters
      .filter(parameter => parameter.place === place)
      .flatMap(({ name, valuesIn }) =>
        valuesIn(passage, route.requestParameters).map(value => [name, value] as const),
      )
  const headers = mapped('header')
  checkHeaders(headers, integration.type === 'AWS' ? [...OURS, ...SIGNERS] : OURS)
  return {
    method,
    uri: withPath(withStageVariables(integration.uri ?? '', passage.occasion.stageVariables), mapped('path')),
    query: mapped('querystring'),
    headers,
    body: WITHOUT_BODY.includes(method)
      ? Buffer.alloc(0)
      : integration.decodes
        ? decoded(text)
        : Buffer.from(text),
  }
}

/** Headers by name, whatever its case: the later ones take the place of the earlier ones. */
export function overlaid(...layers: readonly Pairs[]): Pairs {
  return layers.reduce((below, above) => {
    const names = new Set(above.map(([name]) => name.toLowerCase()))
    return [...below.filter(([name]) => !names.has(name.toLowerCase())), ...above]
  }, [])
}

/** The bytes that base64 text stands for (facts: C23). Throws `AwsError` for text that is none. */
export function decoded(text: string): Buffer {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw new AwsError('InternalServerErrorException', 'Unable to base64 decode the body.', 500)
  }
  return Buffer.from(text, 'base64')
}

const methodOf = (method: string, eventType: string) =>
  method === 'ANY' ? (eventType === 'CONNECT' ? 'GET' : 'POST') : method

/** Puts path parameters in the place of `{name}`, as they are: they are "pre-encoded as required by the backend". */
const withPath = (uri: string, values: Pairs) =>
  values.reduce((text, [name, value]) => text.replaceAll(`{${name}}`, () => value), uri)

function checkHeaders(headers: Pairs, forbidden: readonly string[]) {
  for (const [name, value] of headers) {
    if (forbidden.includes(name.toLowerCase())) {
      throw new AwsError('InternalServerErrorException', `${name} header already present`, 500)
    }
    try {
      validateHeaderName(name)
      validateHeaderValue(name, value)
    } catch (error) {
      throw new AwsError('InternalServerErrorException', (error as Error).message, 500)
    }
  }
}
