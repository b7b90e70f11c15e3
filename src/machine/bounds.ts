/**
 * How long anything may take before it counts as hung, in milliseconds. A bound ends a hang; it never judges a speed. So it
 * is far above what the slowest machine needs, and every wait of a test and its helpers uses this one.
 */
export const HANG = 240_000

/** How long a test or a hook may take, in milliseconds: longer than a wait in it, so that the wait can say what did not come. */
export const HUNG_TEST = HANG + 60_000
