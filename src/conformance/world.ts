import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DeployFailed, type Target } from '#kit'
import { type Ground, synthesize } from './ground.ts'
import { type Standing, standOn } from './standing.ts'

/** An account that rows can be tried in. */
export interface AccountOptions {
  readonly target: Target
  /** Where assemblies are put. */
  readonly root: string
  /** Another account, empty, whose clock stands still unless it is moved; where there can be none, why. */
  readonly another: (() => Promise<Target & { stop(): Promise<void> }>) | string
}

/** What a row is given: an account, in which it may stand on shared stacks or make its own. It need not clear up. */
export interface World {
  readonly target: 'local' | 'aws'
  /** A stack that all rows share, deployed when the first asks for it. A row leaves it as it was. */
  on(ground: Ground): Promise<Standing>
  /** A stack for this row only, deleted afterwards. */
  own(ground: Ground): Promise<Standing>
  /** Deploys what cannot be deployed, and answers with the failure. Throws when it can. */
  refused(ground: Ground): Promise<DeployFailed>
  /**
   * An account for this row only, empty. Its clock stands still unless the row moves it, so no row depends on how long
   * anything takes. Throws `NotHere` where there is none.
   */
  alone(): Promise<World>
  /** An HTTP server that the account can reach, for as long as the row takes; its URL. Throws `NotHere` where it cannot. */
  backend(answer: RequestListener): Promise<string>
  /** Something that nobody has said before. */
  nonce(): string
}

/** A row cannot be tried in this account. */
export class NotHere extends Error {}

/** An account with shared stacks. */
export interface Account {
  /** A world for one row; `leave` clears up after it. */
  visit(): { readonly world: World; leave(): Promise<void> }
  /** Deletes the shared stacks. */
  close(): Promise<void>
}

/** Opens an account for rows. */
export function openAccount({ target, root, another }: AccountOptions): Account {
  const shared = new Map<string, Promise<Standing>>()

  return {
    visit() {
      const leaving: (() => Promise<unknown>)[] = []
      const world: World = {
        target: target.name,
        nonce: () => randomUUID().slice(0, 8),
        async on(ground) {
          const standing = await (shared.get(ground.name) ?? share(ground))
          const own = standing.forARow()
          leaving.push(own.leave)
          return own
        },
        async own(ground) {
          const standing = await deploy(ground, `${ground.name}-${world.nonce()}`)
          leaving.push(standing.destroy, standing.leave)
          return standing
        },
        async refused(ground) {
          try {
            const standing = await deploy(ground, `${ground.name}-${world.nonce()}`)
            leaving.push(standing.destroy, standing.leave)
          } catch (error) {
            if (error instanceof DeployFailed) return error
            throw error
          }
          throw new Error(`${ground.name} was deployed all the same`)
        },
        async alone() {
          if (typeof another === 'string') throw new NotHere(another)
          const other = await another()
          leaving.push(other.stop)
          const visit = openAccount({ target: other, root, another }).visit()
          leaving.push(visit.leave)
          return visit.world
        },
        async backend(answer) {
          if (target.name === 'aws') throw new NotHere('AWS cannot reach a server on this machine')
          const server = createServer(answer).listen(0, '127.0.0.1')
          await once(server, 'listening')
          leaving.push(async () => {
            server.closeAllConnections()
            server.close()
          })
          return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
        },
      }
      return {
        world,
        async leave() {
          for (let leave = leaving.pop(); leave; leave = leaving.pop()) await leave()
        },
      }
    },
    async close() {
      const all = await Promise.allSettled(shared.values())
      await Promise.all(
        all.map(async one => {
          if (one.status === 'fulfilled') await one.value.destroy()
        }),
      )
    },
  }

  function share(ground: Ground): Promise<Standing> {
    const standing = deploy(ground, ground.name)
    shared.set(ground.name, standing)
    return standing
  }

  async function deploy(ground: Ground, name: string): Promise<Standing> {
    if (target.name === 'aws' && ground.notOnAws) throw new NotHere(ground.notOnAws)
    const stackName = `wslab-conformance-${name}`
    const put = async (version: Ground) => target.deploy(await synthesize(version, stackName, root))
    return standOn(await put(ground), put)
  }
}
