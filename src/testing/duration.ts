const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  millisecond: 1,
  s: 1000,
  second: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
}

/**
 * Milliseconds from `'10 minutes'`, `'2h'` or a number of milliseconds.
 *
 * @throws TypeError for anything else.
 */
export function duration(time: unknown): number {
  if (typeof time === 'number' && Number.isFinite(time) && time >= 0) return time
  const [, number = '', unit = ''] =
    (typeof time === 'string' && /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/i.exec(time)) || []
  const length = UNITS[unit.toLowerCase()] ?? UNITS[unit.toLowerCase().replace(/s$/, '')]
  if (number !== '' && length !== undefined) return Number(number) * length
  throw new TypeError(
    `advance takes a time such as '10 minutes', '90 s' or '2 hours', or milliseconds, not ${JSON.stringify(time) ?? String(time)}. The clock goes forward only.`,
  )
}
