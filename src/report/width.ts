/** The narrowest and the widest that a report is set. */
const NARROWEST = 60
const WIDEST = 200

/** For which width to set a report; undefined where nobody reads it on a terminal, and its form must not depend on one. */
export function widthOf(stream: { readonly isTTY?: boolean; readonly columns?: number }): number | undefined {
  if (!stream.isTTY) return undefined
  return Math.min(WIDEST, Math.max(NARROWEST, stream.columns ?? 80))
}
