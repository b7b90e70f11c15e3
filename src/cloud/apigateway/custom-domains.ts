import { AwsError } from '../error.ts'

/** A name of the customer's own at which APIs are reached, beside the hosts that they have from AWS (facts: D13, H17). */
export interface CustomDomain {
  readonly domainName: string
  /** By API mapping id. */
  readonly mappings: Map<string, ApiMapping>
}

/** What lies behind a path of a custom domain. */
export interface ApiMapping {
  /** The one path segment that leads there; empty where no other mapping does. */
  readonly key: string
  readonly apiId: string
  readonly stage: string
}

/** All custom domains, by name. */
export type CustomDomains = Map<string, CustomDomain>

/** The mapping with this key. */
export const mappingOf = ({ mappings }: CustomDomain, key: string): ApiMapping | undefined =>
  [...mappings.values()].find(one => one.key === key)

/** Throws `BadRequestException` while a domain is mapped to an API. */
export function refuseWhileMapped(domains: CustomDomains, apiId: string): void {
  if (mappedTo(domains, apiId).length === 0) return
  throw new AwsError(
    'BadRequestException',
    `Deleting API ${apiId} failed. Please remove all API mappings for the API from your custom domain names.`,
  )
}

/** Throws `BadRequestException` while a domain is mapped to a stage. The words are those for HTTP APIs (assumed for WebSocket APIs). */
export function refuseWhileStageMapped(domains: CustomDomains, apiId: string, stage: string): void {
  const mapped = mappedTo(domains, apiId, stage)
  if (mapped.length === 0) return
  throw new AwsError(
    'BadRequestException',
    `Deleting stage ${stage} failed. Please remove all base path mappings related to the stage in your domains: ${mapped.join(', ')}`,
  )
}

const mappedTo = (domains: CustomDomains, apiId: string, stage?: string): readonly string[] =>
  [...domains.values()]
    .filter(({ mappings }) =>
      [...mappings.values()].some(one => one.apiId === apiId && (stage === undefined || one.stage === stage)),
    )
    .map(({ domainName }) => domainName)
