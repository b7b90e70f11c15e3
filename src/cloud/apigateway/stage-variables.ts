/** Puts stage variables into a URI or an ARN: `${stageVariables.fn}`; one that the stage does not have is empty (facts: C27). */
export const withStageVariables = (text: string, variables: Readonly<Record<string, string>>): string =>
  text.replace(/\$\{stageVariables\.([\w-]+)\}/g, (_, name: string) => variables[name] ?? '')
