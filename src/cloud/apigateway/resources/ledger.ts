import type { Properties } from '../../cloudformation/properties.ts'
import type { ResourceType } from '../../cloudformation/resource.ts'

/** A resource that exists, as it was asked for. */
export interface Entry {
  readonly type: string
  readonly id: string
  readonly properties: Properties
  /** Milliseconds since the epoch, by the cloud's clock. */
  readonly createdAt: number
  readonly updatedAt: number
}

/** All resources of a room, oldest first. */
export interface Ledger {
  entries(): readonly Entry[]
  /** The same type, with its resources entered as they come, change and go. */
  keep(type: ResourceType): ResourceType
}

/**
 * Opens a ledger. It is there for people who look at what was deployed: the parts of the gateway that run keep what they need in a form of
 * their own, without names and descriptions.
 */
export function openLedger(now: () => number): Ledger {
  const entries = new Map<string, Entry>()

  const enter = (type: string, id: string, properties: Properties) => {
    const at = now()
    const key = keyOf(type, id, properties)
    entries.set(key, { type, id, properties, createdAt: entries.get(key)?.createdAt ?? at, updatedAt: at })
  }

  return {
    entries: () => [...entries.values()],
    keep: type => ({
      ...type,
      async create(request) {
        const physical = await type.create(request)
        enter(type.type, physical.physicalId, request.properties)
        return physical
      },
      ...(type.update && {
        async update(request, existing) {
          const physical = await type.update!(request, existing)
          enter(type.type, physical.physicalId, request.properties)
          return physical
        },
      }),
      async delete(existing) {
        await type.delete?.(existing)
        entries.delete(keyOf(type.type, existing.physicalId, existing.properties))
      },
    }),
  }
}

/** Two APIs may have stages of the same name. */
const keyOf = (type: string, id: string, { ApiId }: Properties) => `${type} ${ApiId} ${id}`
