import { signal } from '@preact/signals'
import { headersIn, type Way } from '../../model/stage.ts'
import { bench } from '../state.ts'
import { showAllTime } from '../wire/state.ts'

/** The text that is to be sent next. */
export const draft = signal('')

/** A socket of this page to a stage. */
export interface Client {
  /** Not told to anybody but the workbench, which knows its connection by it. */
  readonly key: string
  readonly name: string
  /** Which of the page's clients it is, from 1. */
  readonly number: number
  /** The crowd that it came with. */
  readonly crowd?: number
  readonly socket: WebSocket
  readonly said: readonly Said[]
  readonly state: 'connecting' | 'open' | 'closed'
}

export interface Said {
  readonly kind: 'sent' | 'heard' | 'note'
  readonly text: string
  /** By the cloud's clock. */
  readonly at: number
}

/** Every client of this page, in the order in which they came. */
export const clients = signal<readonly Client[]>([])

/** How many texts of a client are kept. */
const KEPT = 500
/** How long news are gathered, in milliseconds: a crowd hears thousands of frames at once. */
const GATHER = 16
const NAMES = ['ana', 'ben', 'cyd', 'dan', 'eve', 'fay', 'gil', 'hal', 'ida', 'jon']
let count = 0
let crowds = 0

/** Where and how a client connects. */
export interface Entry extends Way {
  readonly stage: string
  readonly isSigned: boolean
}

/** Connects one more client through the workbench. */
export function connect(entry: Entry): void {
  open(entry, NAMES[count] ?? `client ${count + 1}`)
}

/** Connects so many clients at once. */
export function connectCrowd(entry: Entry, size: number): void {
  crowds++
  for (let n = 1; n <= size; n++) open(entry, `guest ${n}`, crowds)
}

/** People who do something want to see what comes of it, also where only an earlier time was shown. */
function open({ stage, query, protocol, headers, isSigned }: Entry, name: string, crowd?: number): void {
  showAllTime()
  count++
  const key = crypto.randomUUID()
  const asked = new URLSearchParams({ stage, name, client: key })
  if (query) asked.set('query', query)
  if (headersIn(headers).length > 0) asked.set('headers', headers)
  if (isSigned) asked.set('sign', '1')
  const address = `${location.origin.replace(/^http/, 'ws')}/socket?${asked}`
  const socket = new WebSocket(address, protocol.split(/[\s,]+/).filter(Boolean))
  const client: Client = {
    key,
    name,
    number: count,
    ...(crowd && { crowd }),
    socket,
    said: [],
    state: 'connecting',
  }
  clients.value = [...clients.value, client]
  socket.onopen = () => {
    const spoken = socket.protocol ? `, speaks ${socket.protocol}` : ''
    news(key, { state: 'open', said: line('note', `connected${spoken}`) })
  }
  socket.onmessage = ({ data }) => news(key, { said: line('heard', String(data)) })
  let wasOpen = false
  socket.addEventListener('open', () => {
    wasOpen = true
  })
  socket.onclose = ({ code, reason }) => {
    const text = wasOpen ? `closed: ${code} ${reason}`.trimEnd() : 'not let in; the wire shows the status'
    news(key, { state: 'closed', said: line('note', text) })
  }
}

/** Sends a text as this client. `{n}` becomes its number. */
export function send(client: Client, text: string): void {
  showAllTime()
  const own = text.replaceAll('{n}', String(client.number))
  client.socket.send(own)
  news(client.key, { said: line('sent', own) })
}

/** Closes the connections of these clients, and takes them off the page. */
export function forget(some: readonly Client[]): void {
  for (const { socket } of some) socket.close()
  const gone = new Set(some.map(({ key }) => key))
  clients.value = clients.value.filter(({ key }) => !gone.has(key))
}

const line = (kind: Said['kind'], text: string): Said => ({
  kind,
  text,
  at: Date.now() + (bench.value?.clockAhead ?? 0),
})

interface News {
  readonly state?: Client['state']
  readonly said: Said
}
let gathered = new Map<string, News[]>()

function news(key: string, one: News): void {
  if (gathered.size === 0) setTimeout(publish, GATHER)
  gathered.set(key, [...(gathered.get(key) ?? []), one])
}

function publish(): void {
  const all = gathered
  gathered = new Map()
  clients.value = clients.value.map(client => {
    const own = all.get(client.key)
    if (!own) return client
    const said = [...client.said, ...own.map(one => one.said)].slice(-KEPT)
    return { ...client, said, state: own.findLast(one => one.state)?.state ?? client.state }
  })
}
