import type { Access } from '../service.ts'

/** Asked for an action that has no resource in IAM. */
export const onNothing = (action: string) => (): readonly Access[] => [
  { action: `events:${action}`, resource: '*' },
]
