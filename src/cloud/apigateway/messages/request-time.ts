const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A time as events carry it, in the common log format: `11/Nov/2024:11:35:24 +0000` (facts: D10). */
export function requestTime(epoch: number): string {
  const date = new Date(epoch)
  const clock = date.toISOString().slice(11, 19)
  return `${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${clock} +0000`
}

const two = (number: number) => String(number).padStart(2, '0')
