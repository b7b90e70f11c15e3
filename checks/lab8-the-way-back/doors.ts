import { type Scene, Unmet } from '#kit'

/** A stage of the counter, by the outputs that lead there. */
export interface Stage {
  /** `prod`. */
  readonly name: string
  /** The outputs with the address for clients, and with the address that is behind the custom domain. */
  readonly url: string
  readonly domainUrl: string
  /** The output with the queue whose messages are for clients of this stage. */
  readonly queueUrl: string
}

export const prod: Stage = { name: 'prod', url: 'Url', domainUrl: 'DomainUrl', queueUrl: 'QueueUrl' }
export const dev: Stage = { name: 'dev', url: 'DevUrl', domainUrl: 'DevDomainUrl', queueUrl: 'DevQueueUrl' }

/** A way in: to which stage, and at which address. */
export interface Door {
  readonly stage: Stage
  /** The output with the address. */
  readonly url: string
  /** `prod, by the domain`. */
  readonly title: string
}

/** By the host that AWS gives to the API. */
export const byItself = (stage: Stage): Door => ({ stage, url: stage.url, title: stage.name })
/** By the custom domain. */
export const byTheDomain = (stage: Stage): Door => ({
  stage,
  url: stage.domainUrl,
  title: `${stage.name}, by the domain`,
})

/** All doors that this stack has: on AWS there may be no domain. */
export function doorsOf(scene: Scene): readonly Door[] {
  const own = [byItself(prod), byItself(dev)]
  const isMapped = scene.resources('AWS::ApiGatewayV2::ApiMapping').length > 0
  return isMapped ? [...own, byTheDomain(prod), byTheDomain(dev)] : own
}

/** The address of a door. Throws `Unmet` when the output for the domain leads to a host that the API has from AWS. */
export function addressOf(scene: Scene, door: Door): string {
  const address = scene.output(door.url)
  if (door.url !== door.stage.domainUrl) return address
  const own = [prod, dev].map(({ url }) => hostOf(scene.output(url)))
  if (!own.includes(hostOf(address)) && !/\.amazonaws\.com(\.cn)?$/.test(hostOf(address))) return address
  throw new Unmet({
    expected: `the output ${door.url} to be an address by the custom domain`,
    observed: `it is ${address}, which is by the host that the API has from AWS`,
    means: 'The check uses this output to come by the domain, as some clients do.',
  })
}

const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).host : address)
