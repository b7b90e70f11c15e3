import { DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation'
import type { AwsAccount, Identity } from './account.ts'
import { type AssetBuckets, assetBuckets } from './asset-bucket.ts'
import type { Made, Manifest } from './manifest.ts'
import { OURS } from './names.ts'

/** What it takes to make and unmake something in an account. */
export interface Hand {
  readonly account: AwsAccount
  readonly identity: Identity
  readonly buckets: AssetBuckets
  readonly manifest: Manifest
}

/** Takes an account in hand. */
export const handIn = (account: AwsAccount, identity: Identity, manifest: Manifest): Hand => ({
  account,
  identity,
  buckets: assetBuckets(account, identity),
  manifest,
})

/** The stack of a name, or undefined. */
export async function stackCalled({ account }: Hand, StackName: string): Promise<Stack | undefined> {
  try {
    const { Stacks } = await account.cloudFormation.send(new DescribeStacksCommand({ StackName }))
    return Stacks?.[0]
  } catch (error) {
    if (error instanceof Error && /does not exist$/.test(error.message)) return undefined
    throw account.trouble(error)
  }
}

/** Whose stack it is; undefined for one that is not the kit's. */
export function attendeeOf({ Tags = [] }: Stack): string | undefined {
  const tag = (name: string) => Tags.find(({ Key }) => Key === name)?.Value
  return tag(OURS) === 'true' ? (tag('wslab:attendee') ?? '') : undefined
}

/** The command that removes what has been made of a lab. */
export const howToDestroy = ({ lab, profile, region, attendee }: Made): string =>
  `npm run destroy -- ${lab.replace(/-.*/, '')} --profile ${profile} --region ${region} --attendee ${attendee}`
