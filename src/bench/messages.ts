import { fileURLToPath } from 'node:url'
import { median } from './median.ts'
import { serve } from './served.ts'
import { type Talk, talk } from './talk.ts'

/** One way of answering that is measured: who serves it, and what clients ask for. */
export interface Contestant {
  readonly name: string
  readonly file: string
  readonly args?: readonly string[]
  readonly text: string
}

/** What one contestant did in one round. */
export interface Sample extends Talk {
  readonly name: string
  readonly clients: number
  readonly round: number
}

const beside = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const asking = (action: string) => JSON.stringify({ action, text: 'How many messages a second?' })

/** `cloud` is the file that serves the local cloud; `peer` the folder in which the other cloud is installed, if it is. */
export const contestants = (cloud: string, peer?: string): readonly Contestant[] => [
  { name: 'ws alone', file: beside('served-by-ws.mjs'), text: asking('echo') },
  { name: 'the local cloud, two-way route', file: cloud, text: asking('echo') },
  { name: 'the local cloud, postToConnection', file: cloud, text: asking('post') },
  ...(peer
    ? [
        {
          name: 'serverless-standalone, postToConnection',
          file: beside('served-by-peer.mjs'),
          args: [peer],
          text: asking('post'),
        },
      ]
    : []),
]

/**
 * Lets each contestant serve each number of clients, all in turns, so that a busy machine slows all of them. `warmUp` and
 * `duration` in milliseconds. `tell` hears of each sample.
 */
export async function measureMessages(
  all: readonly Contestant[],
  {
    clients,
    rounds,
    warmUp,
    duration,
  }: {
    readonly clients: readonly number[]
    readonly rounds: number
    readonly warmUp: number
    readonly duration: number
  },
  tell: (sample: Sample) => void,
): Promise<readonly Sample[]> {
  const samples: Sample[] = []
  for (let round = 1; round <= rounds; round++) {
    for (const { name, file, args, text } of all) {
      const server = await serve(file, args)
      try {
        for (const count of clients) {
          const measured = await talk(server.address, text, { clients: count, warmUp, duration })
          const sample = { name, clients: count, round, ...measured }
          samples.push(sample)
          tell(sample)
        }
      } finally {
        await server.stop()
      }
    }
  }
  return samples
}

/** The samples as a table in Markdown: medians, and the least and the most messages a second. */
export function messagesTable(samples: readonly Sample[], clients: readonly number[]): string {
  const names = [...new Set(samples.map(({ name }) => name))]
  const cell = (name: string, count: number) => {
    const of = samples.filter(one => one.name === name && one.clients === count)
    if (of.length === 0) return '–'
    const rates = of.map(one => one.messagesPerSecond).sort((a, b) => a - b)
    const spread = rates.length > 1 ? ` (${whole(rates[0]!)} to ${whole(rates.at(-1)!)})` : ''
    return `${whole(median(rates))}/s${spread} · ${median(of.map(one => one.p50)).toFixed(1)} ms`
  }
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    row(['', ...clients.map(count => `${whole(count)} ${count === 1 ? 'client' : 'clients'}`)]),
    row(['---', ...clients.map(() => '---')]),
    ...names.map(name => row([name, ...clients.map(count => cell(name, count))])),
  ].join('\n')
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US')
