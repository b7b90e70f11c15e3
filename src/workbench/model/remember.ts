/** How much is remembered for what comes of it later. */
const REMEMBERED = 5_000

/** Adds to a map, and forgets the oldest where there are too many. */
export function remember<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  map.set(key, value)
  if (map.size > REMEMBERED) map.delete(map.keys().next().value!)
}
