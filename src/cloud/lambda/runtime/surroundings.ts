import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Neighbour, Outlook } from '../../ec2/outlook.ts'

/** Where a connection goes instead: to a port of this machine, to nobody, or, undefined, where it was meant to. */
export type Turn = { readonly port: number } | 'hangs' | undefined

interface Door {
  readonly port: number
  /** PEM. */
  readonly authority: string
  readonly shadowPort?: number
}

const read = (name: string) => JSON.parse(readFileSync(join(__dirname, `${name}.json`), 'utf8'))

const door: Door = read('door')

/** The cloud's certificate authority, PEM. */
export const { authority } = door

/** Under which name and version its function's outlook is noted, as Lambda's variables have it at the start. */
const self = `${process.env.AWS_LAMBDA_FUNCTION_NAME}:${process.env.AWS_LAMBDA_FUNCTION_VERSION}`

const AWS =
  /(^|\.)(amazonaws\.com(\.cn)?|amazonaws\.eu|api\.aws|on\.aws|aws\.amazon\.com|api\.amazonwebservices\.com\.cn)\.?$/i
/** `sqs.us-east-1.amazonaws.com`, `{api}.execute-api.us-east-1.amazonaws.com`: the label before the region is the service. */
const SERVICE = /(?:^|\.)([\w-]+)\.[a-z]{2,}-[a-z-]+-\d\.(?:amazonaws\.com(?:\.cn)?|api\.aws)\.?$/i
/** ElastiCache's names lead to addresses in a VPC. */
const CACHE = /\.cache\.amazonaws\.com\.?$/i
/** This very machine: an instance of its own on AWS. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|(::ffff:)?127\..*|::1|0\.0\.0\.0)?$/i
const HTTPS = 443

/** Whether a host is one of AWS's or of the customer's own here, which is spoken to with the cloud's certificate. */
export const isOurs = (host: unknown): host is string =>
  typeof host === 'string' && (AWS.test(host) || furtherHosts().includes(host.toLowerCase()))

/** Read each time: custom domains come and go while an instance lives. */
const furtherHosts = (): readonly string[] => read('hosts')

/** Where a connection to a host goes from here. A network, too, may change while an instance lives. */
export function turnFor(host: string, port: number): Turn {
  if (LOOPBACK.test(host)) return undefined
  const outlook = outlookNow()
  const usual = isOurs(host) ? { port: door.port } : undefined
  const neighbour = neighbourAt(outlook, host)
  const local = neighbour?.ports[port]
  if (local !== undefined) return { port: local }
  if (neighbour || CACHE.test(host)) return 'hangs'
  if (!outlook) return usual

  const service = AWS.test(host) ? SERVICE.exec(host)?.[1]?.toLowerCase() : undefined
  const leads = service === undefined ? undefined : outlook.services[service]
  if (leads === 'closed' || (leads && port !== HTTPS)) return 'hangs'
  if (leads === 'shadowed') return { port: door.shadowPort ?? door.port }
  if (leads === 'open') return usual
  return outlook.internet.some(([from, to]) => from <= port && port <= to) ? usual : 'hangs'
}

/** The address of a neighbour in the VPC; undefined for all other names. */
export const addressOf = (host: string): string | undefined => neighbourAt(outlookNow(), host)?.address

const outlookNow = (): Outlook | undefined => read('outlooks')[self]

/** By name or address. */
const neighbourAt = (outlook: Outlook | undefined, host: string): Neighbour | undefined =>
  outlook?.hosts[host.toLowerCase()] ??
  Object.values(outlook?.hosts ?? {}).find(({ address }) => address === host)
