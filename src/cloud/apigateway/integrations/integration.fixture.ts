import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Surroundings } from '../core.ts'
import { type Behind, type Client, openStand, type Stand } from '../stand.ts'

/** A stand with one integration, and routes to it. */
export interface Integrated {
  readonly stand: Stand
  readonly apiId: string
  readonly integrationId: string
  /** Leads one more route to the integration. */
  route(routeKey: string, properties?: Record<string, unknown>): Promise<void>
}

export interface IntegratedOptions {
  readonly responses?: readonly object[]
  readonly routeKeys?: readonly string[]
  readonly twoWay?: boolean
  readonly behind?: Behind
  readonly extra?: Partial<Surroundings>
  readonly stageVariables?: Record<string, string>
}

/** Opens a stand whose routes, `act` unless told otherwise, lead to this integration; `end` always replies `end`. */
export async function integrated(
  integration: object,
  {
    responses = [],
    routeKeys = ['act'],
    twoWay = true,
    behind = () => ({ statusCode: 200, body: 'end' }),
    extra = {},
    stageVariables = {},
  }: IntegratedOptions = {},
): Promise<Integrated> {
  const stand = await openStand(behind, extra)
  const { apiId } = await stand.api(['end'], { twoWay: ['end'], stage: { StageVariables: stageVariables } })
  const IntegrationId = await stand.create('Integration', { ApiId: apiId, ...integration })
  for (const response of responses) {
    await stand.create('IntegrationResponse', { ApiId: apiId, IntegrationId, ...response })
  }
  const route = async (RouteKey: string, properties: Record<string, unknown> = {}) => {
    const RouteId = await stand.create('Route', {
      ApiId: apiId,
      RouteKey,
      Target: `integrations/${IntegrationId}`,
      ...(twoWay && { RouteResponseSelectionExpression: '$default' }),
      ...properties,
    })
    if (twoWay) await stand.create('RouteResponse', { ApiId: apiId, RouteId, RouteResponseKey: '$default' })
  }
  for (const routeKey of routeKeys) await route(routeKey)
  return { stand, apiId, integrationId: IntegrationId, route }
}

/** Sends a message and waits for what the client is sent next. */
export function ask(client: Client, message: object | string = { action: 'act' }): Promise<string> {
  client.send(message)
  return client.hears()
}

/** What a client hears besides the answers to a few questions: nothing, if nothing was under way. To be asked once the backend has answered. */
export async function heardMeanwhile(client: Client): Promise<string[]> {
  const heard: string[] = []
  for (let asked = 0; asked < 5; asked++) {
    for (let text = await ask(client, { action: 'end' }); text !== 'end'; text = await client.hears()) {
      heard.push(text)
    }
  }
  return heard
}

/** A request that a backend was sent. */
export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: Buffer
}

/** A real HTTP backend, and everything it was sent. */
export interface Backend {
  readonly url: string
  readonly received: Received[]
}

/** Starts an HTTP backend that answers by `respond`, or with `{"hello":"you"}`. It is gone when the test is over. */
export async function backend(
  respond: (request: Received, response: http.ServerResponse) => void = (_, response) =>
    response.setHeader('Content-Type', 'application/json').end('{"hello":"you"}'),
): Promise<Backend> {
  const received: Received[] = []
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = '', url = '', headers } = request
    const one = { method, url, headers, body: Buffer.concat(chunks) }
    received.push(one)
    respond(one, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received }
}

/** The message of a frame that the gateway made. */
export const errorIn = (frame: string) => /^\{"message": "([^"]*)", /.exec(frame)?.[1]
