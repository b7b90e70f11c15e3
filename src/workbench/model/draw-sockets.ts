import { between, type Drawn, inOneLine } from './drawn.ts'
import type { Lane } from './lanes.ts'
import { gateway } from './participants.ts'
import type { WireEvent } from './protocol.ts'

/** What API Gateway itself says to a client when something went wrong. */
const ERROR_FRAME =
  /^\{"message": ?"(Forbidden|Internal server error|[^"]*throttl[^"]*|Bad request body|Too Many Requests|Limit Exceeded)"/i
/** Codes with which a connection does not end as somebody wanted. */
const BAD_CODES: readonly number[] = [1003, 1006, 1008, 1009, 1011]

/** Somebody asks for a connection. */
export const drawKnock = ({ host, path }: WireEvent & { kind: 'knock' }): Drawn => ({
  kind: 'detail',
  from: gateway,
  label: `knock ${path.split('?')[0]}`,
  tone: 'quiet',
  twin: `Somebody asks ${host} for a connection to ${path}`,
})

/** What a handshake came to. */
export function drawHandshake(
  { status, stage, because }: WireEvent & { kind: 'handshake' },
  client: Lane,
): Drawn {
  if (status === 101)
    return {
      kind: 'handshake',
      ...between(client, gateway),
      label: 'connects · 101',
      tone: 'in',
      twin: `${client.title} connects to stage ${stage}`,
    }
  return {
    kind: 'handshake',
    ...between(client, gateway),
    label: `${status} refused`,
    tone: 'bad',
    twin: `A handshake is refused with ${status}${because ? `: ${because}` : ''}`,
  }
}

/** A text that a client sends, or that it is sent. */
export function drawFrame(event: WireEvent & { kind: 'frame' }, client: Lane): Drawn {
  const text = inOneLine(event.text)
  if (event.direction === 'in')
    return {
      kind: 'frame',
      ...between(client, gateway),
      label: text,
      tone: 'in',
      twin: `${client.title} → ${event.routeKey ?? 'no route'}: ${text}`,
    }
  return {
    kind: 'frame',
    ...between(gateway, client),
    label: text,
    tone: ERROR_FRAME.test(event.text) ? 'bad' : 'out',
    twin: `${client.title} hears: ${text}`,
  }
}

/** The end of a connection. */
export function drawClose({ code, reason }: WireEvent & { kind: 'close' }, client: Lane): Drawn {
  const isByGateway = code === 1001 && reason === 'Going away'
  return {
    kind: 'close',
    ...(isByGateway ? between(gateway, client) : between(client, gateway)),
    label: `close ${code}`,
    tone: BAD_CODES.includes(code) ? 'bad' : 'plain',
    twin: `${client.title} is closed with ${code}${reason ? ` (${reason})` : ''}`,
  }
}
