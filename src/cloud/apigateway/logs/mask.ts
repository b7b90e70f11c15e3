/** Hides all of a secret but its end, as API Gateway's execution logs do: `**********bkwef5`. Of a short one at most half is shown. */
export function masked(secret: string): string {
  const shown = Math.min(6, Math.floor(secret.length / 2))
  return '*'.repeat(secret.length - shown) + secret.slice(secret.length - shown)
}
