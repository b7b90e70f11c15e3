import { signal } from '@preact/signals'

/** The text that is to be sent next. */
export const draft = signal('')

/** A socket of this page to a stage. */
export interface Client {
  readonly name: string
  readonly socket: WebSocket
  readonly said: readonly Said[]
  readonly state: 'connecting' | 'open' | 'closed'
}

export interface Said {
  readonly kind: 'sent' | 'heard' | 'note'
  readonly text: string
  readonly at: number
}

/** Every client of this page, in the order in which they came. */
export const clients = signal<readonly Client[]>([])

const NAMES = ['ana', 'ben', 'cyd', 'dan', 'eve', 'fay', 'gil', 'hal', 'ida', 'jon']
let count = 0

/** Connects one more client through the workbench, and answers with its name. */
export function connect(stage: string, query: string, protocol: string): string {
  const name = NAMES[count] ?? `client ${count + 1}`
  count++
  const asked = new URLSearchParams({ stage, ...(query && { query }) })
  const address = `${location.origin.replace(/^http/, 'ws')}/socket?${asked}`
  const protocols = protocol.split(/[\s,]+/).filter(Boolean)
  const socket = new WebSocket(address, protocols)
  clients.value = [...clients.value, { name, socket, said: [], state: 'connecting' }]
  socket.onopen = () => note(name, `connected${socket.protocol ? `, speaks ${socket.protocol}` : ''}`, 'open')
  socket.onmessage = ({ data }) => add(name, { kind: 'heard', text: String(data), at: Date.now() })
  socket.onclose = ({ code, reason }) => {
    const wasOpen = clients.value.find(one => one.name === name)?.state === 'open'
    const why = reason ? ` ${reason}` : ''
    note(name, wasOpen ? `closed: ${code}${why}` : 'not let in; the wire shows the status', 'closed')
  }
  return name
}

/** Sends a text as this client. */
export function send(client: Client, text: string): void {
  client.socket.send(text)
  add(client.name, { kind: 'sent', text, at: Date.now() })
}

export function forget(name: string): void {
  clients.value.find(one => one.name === name)?.socket.close()
  clients.value = clients.value.filter(one => one.name !== name)
}

const change = (name: string, news: (one: Client) => Partial<Client>): void => {
  clients.value = clients.value.map(one => (one.name === name ? { ...one, ...news(one) } : one))
}
const add = (name: string, said: Said): void =>
  change(name, one => ({ said: [...one.said, said].slice(-500) }))
const note = (name: string, text: string, state: Client['state']): void =>
  change(name, one => ({ state, said: [...one.said, { kind: 'note', text, at: Date.now() }] }))
