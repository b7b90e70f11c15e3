import type { ConnectOptions as ProbeOptions } from '../probe/people.ts'
import { nearest } from '../report/nearest.ts'
import type { ConnectOptions, Credentials } from './entry.cjs'

const known: readonly (keyof ConnectOptions)[] = ['name', 'headers', 'query', 'subprotocols', 'signed']

/**
 * How a client connects, in the probe's words. `aws` signs for those who say `signed: true`.
 *
 * @throws TypeError that names the option, and what it takes.
 */
export function connectOptions(
  given: ConnectOptions,
  aws: { readonly credentials: Credentials; readonly region: string },
): ProbeOptions & { readonly name?: string } {
  if (typeof given !== 'object' || given === null) throw new TypeError('connect takes an object as options.')
  for (const name of Object.keys(given)) {
    if ((known as readonly string[]).includes(name)) continue
    throw new TypeError(`connect has no option ${name}.${nearest(name, known)} It has: ${known.join(', ')}.`)
  }
  const { name, headers, query, subprotocols, signed } = given
  if (name !== undefined && typeof name !== 'string') throw wrong('name', 'a text')
  if (subprotocols !== undefined && !isListOfTexts(subprotocols))
    throw wrong('subprotocols', 'a list of texts')
  const credentials = signed === true ? aws.credentials : signed
  if (typeof credentials === 'object' && !credentials.accessKeyId) throw wrong('signed', 'true, or AWS keys')
  return {
    ...(name !== undefined && { name }),
    ...(headers && { headers: texts('headers', headers) }),
    ...(query && { query: texts('query', query) }),
    ...(subprotocols && { protocols: subprotocols }),
    ...(credentials && { signedBy: { credentials, region: aws.region } }),
  }
}

/** Numbers are texts there too. */
function texts(option: string, given: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      if (!['string', 'number', 'boolean'].includes(typeof value)) {
        throw wrong(option, `texts, and ${name} is ${JSON.stringify(value) ?? String(value)}`)
      }
      return [name, String(value)]
    }),
  )
}

const isListOfTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every(one => typeof one === 'string')

const wrong = (option: string, words: string) => new TypeError(`connect: ${option} takes ${words}.`)
