import { setTimeout as pause } from 'node:timers/promises'
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi'
import {
  CloudWatchLogsClient,
  FilterLogEventsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs'
import type { Deployment } from '#kit'
import { fairTimeout } from '../machine/fair-timer.ts'
import { assert } from './assert.ts'
import type { Ground } from './ground.ts'
import type { CallEnded, Order } from './puppet.ts'
import { type Answer, type KnockOptions, knock, open, type Socket } from './socket.ts'

/** A stack that is up, as a row meets it: from outside. */
export interface Standing {
  /** An output. Throws when there is none of that name. */
  output(name: string): string
  /** Physical ids of the resources of a type, in the order of the template. */
  resources(type: string): readonly string[]
  /** Opens a socket to an output that holds a `ws(s)://` URL, or to such a URL. */
  connect(to?: string, options?: KnockOptions): Promise<Socket>
  /** Knocks there, and tells how it was answered. */
  knock(to?: string, options?: KnockOptions): Promise<Answer>
  /** An AWS SDK client that reaches the account. */
  aws<C>(Client: new (configuration: any) => C, settings?: Readonly<Record<string, unknown>>): C
  /** A client for the @connections of a stage, given as an output or its URL. */
  management(to?: string, settings?: Readonly<Record<string, unknown>>): ApiGatewayManagementApiClient
  /** Orders a puppet behind a two-way route `ask` to do something, and answers with the body it returned. */
  ask(socket: Socket, order: Order): Promise<any>
  /** Orders a puppet to make SDK calls. */
  calls(socket: Socket, ...calls: NonNullable<Order['call']>): Promise<readonly CallEnded[]>
  /** The lines of a log group that hold a text; none where there is no such group. */
  lines(logGroup: string, holding?: string): Promise<readonly string[]>
  /** Waits until a log group has a line that holds the text. Throws when none comes. */
  logs(logGroup: string, holding: string): Promise<string>
  /** The first event with this text in it that a puppet was given; `logGroup` is the puppet's. Throws when none comes. */
  saw(logGroup: string, holding: string): Promise<any>
  /** What the SDK calls came to that a puppet made, by a text in one of them. Throws when there are none. */
  called(logGroup: string, holding: string): Promise<readonly CallEnded[]>
  /** Waits until nothing is at work any more; where that cannot be known, a while. */
  settled(): Promise<void>
  /** Asks again and again until there is an answer other than undefined. Throws when there is none. */
  eventually<T>(what: string, ask: () => Promise<T | undefined>): Promise<T>
  /** Moves the account's clock on. Only in an account of one's own. */
  advance(ms: number): void
  /** Deploys another version of this stack over it. */
  update(version: Ground): Promise<void>
  readonly accountId: string
  readonly region: string
  /** An SDK client configuration that reaches the account. */
  readonly configuration: Deployment['aws']
  /** How long to wait for something that should come, in milliseconds. */
  readonly patience: number
  /** The same stack for another row. */
  forARow(): Standing
  /** Sees everybody out and lets go of every SDK client. */
  leave(): Promise<void>
  destroy(): Promise<void>
}

/** How often `eventually` asks, in milliseconds. */
const ASK_AGAIN = 50
/** How long to wait where nobody can tell whether something is still at work, in milliseconds. */
const A_WHILE = 3_000

/** Stands on a deployment. */
export function standOn(first: Deployment, put: (version: Ground) => Promise<Deployment>): Standing {
  let deployment = first
  const stand = (): Standing => {
    const sockets: Socket[] = []
    const clients: { destroy?(): void }[] = []
    const urlOf = (to: string) => (/^(ws|http)s?:/.test(to) ? to : standing.output(to))

    const standing: Standing = {
      output(name) {
        const value = deployment.outputs[name]
        assert.ok(value !== undefined, `there is no output ${name}`)
        return value
      },
      resources: type =>
        deployment.resources.filter(one => one.type === type).map(({ physicalId }) => physicalId),
      async connect(to = 'Url', options = {}) {
        const socket = await open(urlOf(to), options, deployment.patience)
        sockets.push(socket)
        return socket
      },
      knock: (to = 'Url', options = {}) => knock(urlOf(to), options, deployment.patience),
      aws(Client, settings = {}) {
        const client = new Client({ ...deployment.aws, ...settings })
        clients.push(client as { destroy?(): void })
        return client
      },
      management: (to = 'Url', settings = {}) =>
        standing.aws(ApiGatewayManagementApiClient, {
          endpoint: urlOf(to).replace(/^ws/, 'http'),
          maxAttempts: 1,
          ...settings,
        }),
      async ask(socket, order) {
        socket.send({ action: 'ask', do: order })
        return socket.hearsJson()
      },
      calls: (socket, ...call) => standing.ask(socket, { call }),
      async lines(logGroup, holding) {
        const logs = standing.aws(CloudWatchLogsClient)
        const pattern = holding === undefined ? {} : { filterPattern: JSON.stringify(holding) }
        try {
          const lines: string[] = []
          let nextToken: string | undefined
          // A page may be empty and still not be the last.
          do {
            const page = await logs.send(
              new FilterLogEventsCommand({
                logGroupName: logGroup,
                ...pattern,
                ...(nextToken && { nextToken }),
              }),
            )
            lines.push(...(page.events ?? []).map(({ message = '' }) => message.trimEnd()))
            nextToken = page.nextToken
          } while (nextToken)
          return lines
        } catch (error) {
          if (error instanceof ResourceNotFoundException) return []
          throw error
        }
      },
      logs: (logGroup, holding) =>
        standing.eventually(`a line with ${holding} in ${logGroup}`, async () => {
          const [line] = await standing.lines(logGroup, holding)
          return line
        }),
      saw: (logGroup, holding) => written(logGroup, 'SAW ', holding),
      called: async (logGroup, holding) => (await written(logGroup, 'CALLED ', holding)).ended,
      settled: () => deployment.settled?.() ?? pause(A_WHILE),
      async eventually(what, ask) {
        let isLate = false
        const callOff = fairTimeout(deployment.patience, () => {
          isLate = true
        })
        try {
          for (;;) {
            const answer = await ask()
            if (answer !== undefined) return answer
            assert.ok(!isLate, `there was no ${what} in ${deployment.patience / 1000} s`)
            await pause(ASK_AGAIN)
          }
        } finally {
          callOff()
        }
      },
      advance(ms) {
        assert.ok(deployment.advanceClock, 'this clock cannot be moved')
        deployment.advanceClock(ms)
      },
      async update(version) {
        deployment = await put(version)
      },
      get accountId() {
        return deployment.accountId
      },
      get region() {
        return deployment.aws.region
      },
      get configuration() {
        return deployment.aws
      },
      get patience() {
        return deployment.patience
      },
      forARow: stand,
      async leave() {
        for (const { ws } of sockets.splice(0)) ws.terminate()
        for (const client of clients.splice(0)) client.destroy?.()
      },
      destroy: () => deployment.destroy(),
    }
    return standing

    /** What stands behind a word in the first line that has it and the text, as JSON. */
    function written(logGroup: string, word: string, holding: string): Promise<any> {
      return standing.eventually(`line ${word}with ${holding} in ${logGroup}`, async () => {
        const lines = await standing.lines(logGroup, holding)
        const line = lines.find(text => text.includes(word))
        return line && JSON.parse(line.slice(line.indexOf(word) + word.length))
      })
    }
  }
  return stand()
}
