// Names of the VPC, which the machine's own resolver does not know.
import dns from 'node:dns'
import { addressOf } from './surroundings.ts'

/** Clients that resolve a name themselves find what they would find on AWS: an address in the VPC. */
export function answerForTheVpc(): void {
  const { lookup } = dns
  const { lookup: promised } = dns.promises
  const answered = (host: string, ...more: any[]) => {
    const address = typeof host === 'string' ? addressOf(host) : undefined
    if (address === undefined) return (lookup as any)(host, ...more)
    const [callback, options = {}] = more.reverse()
    process.nextTick(() => {
      if (options?.all) callback(null, [{ address, family: 4 }])
      else callback(null, address, 4)
    })
    return {}
  }
  // With what `promisify` wants to know of it.
  dns.lookup = Object.defineProperties(
    answered,
    Object.getOwnPropertyDescriptors(lookup),
  ) as typeof dns.lookup
  dns.promises.lookup = (async (host: string, options?: any) => {
    const address = addressOf(host)
    if (address === undefined) return promised(host, options)
    return options?.all ? [{ address, family: 4 }] : { address, family: 4 }
  }) as typeof dns.promises.lookup
}
