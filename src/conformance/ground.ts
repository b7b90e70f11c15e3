import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import type { IStackSynthesizer, Stack } from 'aws-cdk-lib'
import type { Assembly } from '#kit'

/** A stack for rows to stand on. */
export interface Ground {
  /** Part of the stack's name: letters, digits and hyphens. Two grounds of one name are two versions of one stack. */
  readonly name: string
  /** Puts everything into the stack. What a row needs to find it goes into `CfnOutput`s. */
  readonly build: (stack: Stack) => void
  /** Why it cannot be deployed to AWS. */
  readonly notOnAws?: string
}

export const ground = (name: string, build: (stack: Stack) => void, notOnAws?: string): Ground => ({
  name,
  build,
  ...(notOnAws && { notOnAws }),
})

/**
 * Synthesizes a ground into a fresh folder under `root`. Functions are inline code and there are no other assets, so that
 * any account takes it without being bootstrapped.
 */
export async function synthesize(
  { name, build }: Ground,
  stackName: string,
  root: string,
): Promise<Assembly> {
  // CDK's own template validation takes a second; the cloud judges the template anyway.
  process.env.CDK_VALIDATION ??= 'false'
  const cdk = await import('aws-cdk-lib')
  const directory = mkdtempSync(join(root, `${name}-`))
  const app = new cdk.App({ outdir: directory, analyticsReporting: false, treeMetadata: false })
  // CDK's own types do not agree under exactOptionalPropertyTypes.
  const synthesizer = new cdk.LegacyStackSynthesizer() as IStackSynthesizer
  const stack = new cdk.Stack(app, stackName, { stackName, synthesizer })
  build(stack)
  // Nothing may stay behind in somebody's account.
  cdk.RemovalPolicies.of(stack).destroy()
  app.synth()
  return { directory, stackName, origins: [] }
}
