import { randomInt } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Account } from '../account.ts'
import { readClientSettings } from './client-settings.ts'
import { invalid, notFound } from './errors.ts'
import { type Keys, makeKeys } from './keys.ts'
import type { AppClient, Pool } from './pool.ts'
import { readPoolSettings } from './pool-settings.ts'
import type { SchemaAttribute } from './schema.ts'

type Given = Readonly<Record<string, any>>

/** The user pools of an account. */
export interface Pools {
  all(): readonly Pool[]
  /** With this id, if nobody has it. Throws InvalidParameterException. */
  create(given: Given, name: string, wantedId?: string): Pool
  /** Throws InvalidParameterException, and ResourceNotFoundException as the others here. */
  update(id: string, given: Given, name: string): Pool
  /** Throws InvalidParameterException for one that is protected. */
  delete(id: string): void
  find(id: string): Pool
  createClient(poolId: string, given: Given, name: string, wantedId?: string): AppClient
  updateClient(poolId: string, clientId: string, given: Given, name: string): AppClient
  deleteClient(poolId: string, clientId: string): void
  /** A client of a pool. */
  client(poolId: string, clientId: string): AppClient
  /** A client by its id alone, as those know it who sign in. */
  ofClient(clientId: string): { readonly pool: Pool; readonly client: AppClient }
}

/** Starts without a pool. */
export function startPools(
  { accountId, partition, region, urlSuffix }: Account,
  now: () => number,
  keysFor = makeKeys,
): Pools {
  const pools = new Map<string, Pool>()

  const store: Pools = {
    all: () => [...pools.values()],
    create(given, name, wantedId) {
      const settings = readPoolSettings(given, name)
      const id =
        wantedId?.startsWith(`${region}_`) && !pools.has(wantedId)
          ? wantedId
          : `${region}_${some(9, LETTERS_AND_DIGITS)}`
      let made: Promise<Keys> | undefined
      const pool: Pool = {
        id,
        arn: `arn:${partition}:cognito-idp:${region}:${accountId}:userpool/${id}`,
        issuer: `https://cognito-idp.${region}.${urlSuffix}/${id}`,
        created: now(),
        modified: now(),
        settings,
        clients: new Map(),
        users: new Map(),
        groups: new Map(),
        sessions: new Map(),
        signIns: new Map(),
        challenges: new Map(),
        keys() {
          made ??= keysFor()
          return made
        },
      }
      // Somebody will sign in sooner or later; then they are there.
      void pool.keys()
      pools.set(id, pool)
      return pool
    },
    update(id, given, name) {
      const pool = store.find(id)
      const settings = readPoolSettings(given, name)
      const isKept = (one: SchemaAttribute) => settings.schema.some(other => isDeepStrictEqual(one, other))
      if (!pool.settings.schema.every(isKept)) {
        throw invalid('Existing schema attributes cannot be modified or deleted.')
      }
      pool.settings = settings
      pool.modified = now()
      return pool
    },
    delete(id) {
      const { settings } = store.find(id)
      if (settings.isDeletionProtected) {
        throw invalid(
          'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.',
        )
      }
      pools.delete(id)
    },
    find(id) {
      const pool = pools.get(id)
      if (!pool) throw notFound(`User pool ${id} does not exist.`)
      return pool
    },
    createClient(poolId, given, name, wantedId) {
      const { clients } = store.find(poolId)
      const isFree = [...pools.values()].every(pool => !pool.clients.has(wantedId ?? ''))
      const client: AppClient = {
        id: wantedId !== undefined && isFree ? wantedId : some(26),
        secret: String(given.GenerateSecret) === 'true' ? some(52) : undefined,
        created: now(),
        modified: now(),
        settings: readClientSettings(given, name),
      }
      clients.set(client.id, client)
      return client
    },
    updateClient(poolId, clientId, given, name) {
      const client = store.client(poolId, clientId)
      client.settings = readClientSettings(given, name)
      client.modified = now()
      return client
    },
    deleteClient(poolId, clientId) {
      store.find(poolId).clients.delete(store.client(poolId, clientId).id)
    },
    client(poolId, clientId) {
      const client = store.find(poolId).clients.get(clientId)
      if (!client) throw noSuchClient(clientId)
      return client
    },
    ofClient(clientId) {
      for (const pool of pools.values()) {
        const client = pool.clients.get(clientId)
        if (client) return { pool, client }
      }
      throw noSuchClient(clientId)
    },
  }
  return store
}

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Random characters; small letters and digits unless told others. */
const some = (length: number, from = 'abcdefghijklmnopqrstuvwxyz0123456789') =>
  Array.from({ length }, () => from[randomInt(from.length)]).join('')

const noSuchClient = (id: string) => notFound(`User pool client ${id} does not exist.`)
