import type { Deployment, Granted, Origin } from '#kit'

/** The line of the learner's code that granted a statement; else the line of what holds it, else of the role that has it. */
export function lineOfGrant(
  granted: Granted | undefined,
  origins: readonly Origin[],
  { resources }: Pick<Deployment, 'resources'>,
): string | undefined {
  if (!granted) return undefined
  const madeAs = (physicalId: string | undefined) => {
    const logicalId = resources.find(one => one.physicalId === physicalId)?.logicalId
    return origins.find(one => one.logicalId === logicalId)
  }
  const role = madeAs(granted.role)
  // Inline policies are known by name. Roles that are made by themselves may each have one of the same name.
  const named = origins.filter(one => one.policies?.some(({ name }) => name === granted.policy))
  const holder = named.find(one => one === role) ?? named[0] ?? madeAs(granted.policy)
  const policy = holder?.policies?.find(({ name }) => name === granted.policy) ?? holder?.policies?.[0]
  return policy?.lines[granted.statement] ?? holder?.line ?? role?.line
}
