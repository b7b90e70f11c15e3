import { Unmet } from './unmet.ts'

/** The part of a deployment by which an address is judged. */
export interface Reachable {
  readonly outputs: Readonly<Record<string, string>>
  /** `host:port` or `host` of every API of the stack, as its outputs have it. Not given where nobody can tell. */
  readonly apiHosts?: readonly string[]
}

/**
 * The address of a socket, as the stack gives it.
 *
 * @throws Unmet when it is no WebSocket address, or leads to something that is not of this stack.
 */
export function socketAddress(text: string, { outputs, apiHosts }: Reachable): URL {
  const output = Object.keys(outputs).find(name => outputs[name] === text)
  const subject = output ? `the output ${output}` : 'the address'
  const expected = `${subject} to be the address of a stage of this stack: wss://…`
  const observed = `${subject} is ${text === '' ? 'empty' : text}`
  if (!URL.canParse(text)) {
    throw new Unmet({ expected, observed, means: `A client cannot connect to it: it is no address.` })
  }
  const url = new URL(text)
  if (/^https?:$/.test(url.protocol)) {
    const means = `A WebSocket client needs an address that begins with wss://. One that begins with https:// is for HTTP requests.`
    throw new Unmet({ expected, observed, means })
  }
  if (!/^wss?:$/.test(url.protocol)) {
    throw new Unmet({
      expected,
      observed,
      means: 'A WebSocket client needs an address that begins with wss://.',
    })
  }
  if (apiHosts && !apiHosts.includes(url.host)) {
    const means = `${url.host} is no API of this stack, so the check did not connect to it.`
    throw new Unmet({ expected, observed, means })
  }
  return url
}
