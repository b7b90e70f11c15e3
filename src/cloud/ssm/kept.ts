import type { Keeper, Kept } from '../kept.ts'
import type { Store } from './store.ts'

/** All parameters with their versions. */
export const parameterKeeper = (store: Store): Keeper<Kept['parameters']> => ({
  save: () =>
    store.all().map(({ name, versions, tags }) => ({
      name,
      versions: [...versions],
      tags: Object.fromEntries(tags),
    })),
  load(kept) {
    for (const parameter of store.all()) store.remove(parameter)
    for (const { name, versions, tags } of kept) {
      store.restore({
        name,
        arn: store.arnOf(name),
        versions: [...versions],
        tags: new Map(Object.entries(tags)),
      })
    }
  },
})
