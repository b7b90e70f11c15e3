/** What clients send, one JSON object. Of a frontend: I wait for this. Of a backend: this is what came of it. */
export interface Envelope {
  readonly merchant_id: string
  readonly client: Client
  readonly project: string
  readonly type: string
  readonly ref: string
  /** From backends only. */
  readonly status?: 'done' | 'failed'
  readonly message?: string
}

export type Client = 'frontend' | 'backend'

/** An envelope that cannot be used. The message is meant for its sender. */
export class BadEnvelope extends Error {}

/** The most characters of a member that names something: it may become part of a key, which DynamoDB limits to 2048 bytes. */
const LONGEST_NAME = 200

/**
 * Reads a message as the envelope of a `client`.
 *
 * @throws BadEnvelope saying which member is wrong, and how.
 */
export function envelopeIn(message: string | undefined, client: Client): Envelope {
  const envelope = objectIn(message ?? '')

  for (const name of ['merchant_id', 'client', 'project', 'type', 'ref']) {
    const value = textOf(envelope, name)
    if (value === '') throw new BadEnvelope(`${name} is empty`)
    if (value.length > LONGEST_NAME)
      throw new BadEnvelope(`${name} is longer than ${LONGEST_NAME} characters`)
  }
  if (envelope.client !== client) throw new BadEnvelope(`client must be "${client}" at this door`)
  if (client === 'backend') {
    const status = textOf(envelope, 'status')
    if (status !== 'done' && status !== 'failed') throw new BadEnvelope('status must be "done" or "failed"')
    textOf(envelope, 'message')
  }
  return envelope as unknown as Envelope
}

function objectIn(message: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(message)
  } catch {
    throw new BadEnvelope('the message is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadEnvelope('the message is not a JSON object')
  }
  return value as Record<string, unknown>
}

function textOf(envelope: Record<string, unknown>, name: string): string {
  const value = envelope[name]
  if (value === undefined) throw new BadEnvelope(`${name} is missing`)
  if (typeof value !== 'string') throw new BadEnvelope(`${name} must be a string`)
  return value
}
