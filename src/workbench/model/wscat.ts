import { quoted } from './same-on-aws.ts'
import { headersIn, type Way } from './stage.ts'

/** A line for a terminal that connects as a client of this way would. */
export function wscatLine(stage: string, { query, protocol, headers }: Way): string {
  const address = query ? `${stage}?${query}` : stage
  const protocols = protocol.split(/[\s,]+/).filter(Boolean)
  return [
    `npx wscat -c ${quoted(address)}`,
    ...protocols.map(one => `-s ${quoted(one)}`),
    ...headersIn(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
  ].join(' ')
}
