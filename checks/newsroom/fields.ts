/** Which fields of what came nobody asked for, and which are missing, in words; undefined when the fields are the same. */
export function howFieldsDiffer(wanted: unknown, came: unknown): string | undefined {
  const [asked, got] = [pathsIn(wanted), pathsIn(came)]
  const more = [...got].filter(path => !asked.has(path))
  const missing = [...asked].filter(path => !got.has(path))
  const parts = [
    more.length > 0 && `it has fields that were not asked for: ${more.join(', ')}`,
    missing.length > 0 && `it lacks fields that were asked for: ${missing.join(', ')}`,
  ].filter(Boolean)
  return parts.length > 0 ? parts.join('; ') : undefined
}

/** `message.from.id`, of every field that holds no others. The places in a list have no names. */
function pathsIn(value: unknown, path = ''): Set<string> {
  if (typeof value !== 'object' || value === null) return new Set([path])
  const isList = Array.isArray(value)
  return new Set(
    Object.entries(value).flatMap(([key, one]) => [
      ...pathsIn(one, isList ? path : [path, key].filter(Boolean).join('.')),
    ]),
  )
}
