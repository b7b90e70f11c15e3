import { AwsError } from '../../error.ts'
import type { Pairs } from '../logs/trace.ts'
import { requestContext } from '../messages/event-shapes.ts'
import { compilePath } from '../messages/json-path.ts'
import type { Sources } from '../messages/selection-expression.ts'
import type { Passage } from './passage.ts'

/** Where a mapped value is put into the request to the backend. */
export type Place = 'header' | 'querystring' | 'path'

/** One request parameter of an integration, ready for use. */
export interface RequestParameter {
  readonly place: Place
  readonly name: string
  /** The values for one request; none when there is nothing to be mapped. */
  valuesIn(passage: Passage, declared: Declared): readonly string[]
}

/** The parameters that a route declares, and whether a handshake must have them. */
export type Declared = ReadonlyMap<string, boolean> | undefined

/** A name as AWS's page on data mapping has it. */
const NAME = '[a-zA-Z0-9._$-]+'
const TARGET = new RegExp(`^integration\\.request\\.(header|querystring|path)\\.(${NAME})$`)
/** What a route may declare, and an integration map, of a handshake. */
export const ROUTE_PARAMETER = new RegExp(
  `^route\\.request\\.(header|querystring|multivalueheader|multivaluequerystring)\\.(${NAME})$`,
)

/**
 * Compiles the request parameters of an integration (facts: C20).
 * Throws `BadRequestException` for what maps from or to nowhere, in REST's words.
 */
export const compileParameters = (
  parameters: Readonly<Record<string, string>>,
): readonly RequestParameter[] =>
  Object.entries(parameters).map(([target, source]) => {
    const [, place, name = ''] = TARGET.exec(target) ?? []
    if (!place) throw invalid(target)
    return { place: place as Place, name, valuesIn: compileSource(source) }
  })

/** Compiles where a value comes from: `route.request.…`, `context.…`, `stageVariables.…`, `'static'`. */
function compileSource(source: string): RequestParameter['valuesIn'] {
  const fixed = staticValue(source)
  if (fixed !== undefined) return () => [fixed]
  const ofRoute = ROUTE_PARAMETER.exec(source)
  if (ofRoute) {
    const [, place = '', name = ''] = ofRoute
    // Only what the route declares can be mapped: "any defined route request parameters".
    return ({ offer }, declared) => (declared?.has(source) ? offered(place, name, offer) : [])
  }
  const [, root, rest = ''] =
    /^(route\.request\.body|context|stageVariables)((?:[.[].*)?)$/s.exec(source) ?? []
  if (!root) throw invalid(source)
  const path = compilePath(`$${rest}`)
  return ({ occasion, sources }) => {
    const value = path(
      root === 'context'
        ? requestContext(occasion)
        : root === 'stageVariables'
          ? occasion.stageVariables
          : sources.body,
    )
    return value === undefined || value === null ? [] : [textOf(value)]
  }
}

/** One response parameter of an integration response, ready for use. */
export interface ResponseParameter {
  readonly name: string
  valueIn(sources: Sources): string | undefined
}

/**
 * Compiles the response parameters of an integration response: `route.response.header.name`, from `integration.response.header.name`,
 * `integration.response.body.path` or `'static'`. A WebSocket shows a client no header but a handshake's `Sec-WebSocket-Protocol` (facts: A9).
 * Throws `BadRequestException`.
 */
export const compileResponseParameters = (
  parameters: Readonly<Record<string, string>>,
): readonly ResponseParameter[] =>
  Object.entries(parameters).map(([target, source]) => {
    const name = new RegExp(`^(?:route|method)\\.response\\.header\\.(${NAME})$`).exec(target)?.[1]
    if (name === undefined) throw invalid(target)
    return { name, valueIn: compileResponseSource(source) }
  })

function compileResponseSource(source: string): ResponseParameter['valueIn'] {
  const fixed = staticValue(source)
  if (fixed !== undefined) return () => fixed
  const header = new RegExp(`^integration\\.response\\.header\\.(${NAME})$`).exec(source)?.[1]?.toLowerCase()
  if (header !== undefined) return ({ integration }) => integration?.headers[header]?.at(-1)
  const rest = /^integration\.response\.body((?:[.[].*)?)$/s.exec(source)?.[1]
  if (rest === undefined) throw invalid(source)
  const path = compilePath(`$${rest}`)
  return ({ integration }) => {
    const value = path(integration?.body)
    return value === undefined || value === null ? undefined : textOf(value)
  }
}

/** The names of required parameters that a handshake does not have. */
export const missingParameters = (declared: Declared, offer: Passage['offer']): readonly string[] =>
  [...(declared ?? [])].flatMap(([parameter, isRequired]) => {
    const [, place = '', name = ''] = ROUTE_PARAMETER.exec(parameter) ?? []
    return isRequired && offer && offered(place, name, offer).length === 0 ? [name] : []
  })

/** Headers by any case. Of several values the last one (assumed: as in REST), unless the multi-value form is asked for. */
function offered(place: string, name: string, offer: Passage['offer']): readonly string[] {
  const isHeader = place.endsWith('header')
  const pairs: Pairs = (isHeader ? offer?.headers : offer?.query) ?? []
  const wanted = isHeader ? name.toLowerCase() : name
  const values = pairs.flatMap(([one, value]) =>
    (isHeader ? one.toLowerCase() : one) === wanted ? [value] : [],
  )
  return place.startsWith('multivalue') ? values : values.slice(-1)
}

const staticValue = (source: string): string | undefined => /^'(.*)'$/s.exec(source)?.[1]

/** Text as it is, anything else as JSON (assumed: as in REST). */
const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

const invalid = (expression: string) =>
  new AwsError(
    'BadRequestException',
    `Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: ${expression}]`,
  )
