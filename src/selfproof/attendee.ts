import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  IAMClient,
} from '@aws-sdk/client-iam'
import type { Cloud } from '../cloud/cloud.ts'
import { accessesFor } from '../cloud/cloudformation/rights.ts'
import type { PolicyDocument } from '../cloud/iam/policy.ts'
import type { Asked } from '../targets/aws/need.ts'
import type { BorrowedAccount } from './borrowed-account.ts'

/** The attendee's name. */
export const NAME = 'ana'

/** Long-lived keys of a user. */
export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** What IAM has been asked about somebody, as it comes in. */
export type Questions = readonly (Asked & { readonly allowed: boolean })[]

/** Makes the profile of a borrowed account somebody who may do what these policies say, and nothing else. Answers with what IAM is asked about them. */
export async function lendTo(
  policies: readonly PolicyDocument[],
  { cloud, home }: BorrowedAccount,
): Promise<Questions> {
  const { accountId, region } = cloud.account
  const arn = `arn:aws:iam::${accountId}:user/${NAME}`
  const asked: (Asked & { allowed: boolean })[] = []
  cloud.events.subscribe(event => {
    if (event.kind === 'decision' && event.principal === arn) asked.push(event)
  })
  const { accessKeyId, secretAccessKey } = await userWith(policies, NAME, cloud)
  writeFileSync(
    join(home, '.aws', 'credentials'),
    `[mine]\nregion = ${region}\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
  )
  return asked
}

/** Makes a user who may do what these policies say, and nothing else. */
export async function userWith(
  policies: readonly PolicyDocument[],
  UserName: string,
  { account: { region }, endpoint, credentials }: Cloud,
): Promise<Keys> {
  const iam = new IAMClient({ region, endpoint, credentials })
  try {
    await iam.send(new CreateUserCommand({ UserName }))
    for (const [index, policy] of policies.entries()) {
      const PolicyName = `${UserName}-${index + 1}`
      const PolicyDocument = JSON.stringify(policy)
      const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument }))
      await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: Policy!.Arn! }))
    }
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
    return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
  } finally {
    iam.destroy()
  }
}

/** What making, changing, tagging and deleting the resources of a stack would ask. */
export function rightsIn(stackName: string, { account, stacks, types }: Cloud): readonly Asked[] {
  return stacks.describe(stackName).resources.flatMap(({ type, physicalId, properties }) => {
    const { rights, update } = types.find(one => one.type === type)!
    // What it is called is the end of what it is known by: `arn:…:policy/Name`, `https://…/Name`.
    const inventName = () => physicalId.split(/[/:]/).at(-1)!
    const subject = { account, properties, tags: { wslab: 'true' }, inventName }
    return [
      ...accessesFor(rights, 'create', subject),
      ...(update ? accessesFor(rights, 'update', { ...subject, physicalId, before: {} }) : []),
      ...accessesFor(rights, 'delete', { ...subject, physicalId }),
    ]
  })
}
