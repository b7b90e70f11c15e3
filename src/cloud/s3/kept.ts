import { readFileSync } from 'node:fs'
import type { Keeper, Kept, KeptObject } from '../kept.ts'
import type { Bucket, Version } from './bucket.ts'
import type { Store } from './store.ts'

/** All objects with their versions. Uploads that go on are not kept. */
export const objectKeeper = (store: Store): Keeper<Kept['buckets']> => ({
  save: () =>
    Object.fromEntries(
      store.all().map(({ name, objects }) => [name, [...objects.values()].flat().map(keptOf)]),
    ),
  load(kept) {
    for (const bucket of store.all()) {
      empty(store, bucket)
      for (const object of kept[bucket.name] ?? []) {
        bucket.objects.set(object.key, [...(bucket.objects.get(object.key) ?? []), versionOf(store, object)])
      }
    }
  },
})

function keptOf({ path, size: _size, tags, ...version }: Version): KeptObject {
  return {
    ...version,
    bytes: version.isMarker ? Buffer.alloc(0) : readFileSync(path),
    tags: Object.fromEntries(tags),
  }
}

const versionOf = (store: Store, { bytes, tags, ...kept }: KeptObject): Version => ({
  ...kept,
  path: kept.isMarker ? '' : store.keep(bytes),
  size: bytes.length,
  tags: new Map(Object.entries(tags)),
})

function empty(store: Store, bucket: Bucket): void {
  for (const { path, isMarker } of [...bucket.objects.values()].flat()) if (!isMarker) store.discard(path)
  bucket.objects.clear()
}
