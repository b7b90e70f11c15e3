/** Headers that nobody may read in a log. */
const SECRET = /^(authorization|x-api-key|x-amz-security-token|cookie|proxy-authorization)$/i

/** Headers in the form of execution logs: `{Date=…, Content-Type=application/json}`; what is secret is masked, as in every capture. */
export function headerText(
  headers: readonly (readonly [string, string])[] | Readonly<Record<string, readonly string[]>>,
): string {
  const pairs = Array.isArray(headers)
    ? (headers as readonly (readonly [string, string])[])
    : Object.entries(headers).map(([name, values]) => [name, values.join(', ')] as const)
  const shown = pairs.map(
    ([name, value]) => `${name}=${SECRET.test(name) ? '*'.repeat(value.length) : value}`,
  )
  return `{${shown.join(', ')}}`
}
