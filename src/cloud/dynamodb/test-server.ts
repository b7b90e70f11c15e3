// For tests alone: DynamoDB behind a plain HTTP port. It checks no signature and asks nobody for leave; the door does.
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { defaultAccount } from '../account.ts'
import { type Clock, stillClock } from '../clock.ts'
import { decode, encode, encodeError, unknownOperation } from '../door/protocols/json.ts'
import { AwsError } from '../error.ts'
import { type Events, eventStream } from '../events.ts'
import type { Call, WireAnswer, WireRequest } from '../service.ts'
import { type DynamoDb, startDynamoDb } from './dynamodb.ts'

/** A DynamoDB to try things on. */
export interface Trial {
  readonly dynamoDb: DynamoDb
  readonly client: DynamoDBClient
  readonly documents: DynamoDBDocumentClient
  readonly streams: DynamoDBStreamsClient
  readonly clock: Clock
  readonly events: Events
  readonly endpoint: string
  stop(): Promise<void>
}

/** Starts DynamoDB behind port 0, with real clients that speak to it. The clock stands still unless a test moves it. */
export async function startTrial(
  account = defaultAccount,
  clock: Clock = stillClock(),
  events: Events = eventStream(clock.now),
): Promise<Trial> {
  const dynamoDb = startDynamoDb({ account, clock, events })
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const wire = { headers: request.headers, body: Buffer.concat(chunks) } as unknown as WireRequest
    const { status, headers, body } = await answer(dynamoDb, wire)
    response.writeHead(status, headers).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const configuration = {
    endpoint,
    region: account.region,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  }
  const client = new DynamoDBClient(configuration)
  const streams = new DynamoDBStreamsClient(configuration)
  return {
    dynamoDb,
    client,
    documents: DynamoDBDocumentClient.from(client),
    streams,
    clock,
    events,
    endpoint,
    async stop() {
      client.destroy()
      streams.destroy()
      server.close()
      server.closeAllConnections()
      clock.stop()
      await dynamoDb.stop()
    },
  }
}

async function answer({ service: items, streamService }: DynamoDb, wire: WireRequest): Promise<WireAnswer> {
  const isForStreams = String(wire.headers['x-amz-target']).startsWith(`${streamService.targetPrefix}.`)
  const service = isForStreams ? streamService : items
  try {
    const { operation: name, input } = decode(wire, service.targetPrefix!)
    const operation = service.operations.find(one => one.name === name)
    if (!operation) throw unknownOperation()
    operation.access(input, {} as Call)
    return encode(await operation.run(input, {} as Call), 'json-1.0', 'REQUEST')
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return encodeError(error, 'json-1.0', 'REQUEST')
  }
}
