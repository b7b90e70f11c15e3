/** The outputs of all stacks: each by `Stack.Name`, and by `Name` where no other stack has one of that name. */
export function outputsOf(
  stacks: readonly { readonly stackName: string; readonly outputs: Readonly<Record<string, string>> }[],
): Readonly<Record<string, string>> {
  const all = stacks.flatMap(({ stackName, outputs }) =>
    Object.entries(outputs).map(([name, value]) => ({ stackName, name, value })),
  )
  const isAlone = (name: string) => all.filter(one => one.name === name).length === 1
  return Object.fromEntries(
    all.flatMap(({ stackName, name, value }) => [
      ...(isAlone(name) ? [[name, value] as const] : []),
      [`${stackName}.${name}`, value] as const,
    ]),
  )
}
