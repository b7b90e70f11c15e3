import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { connect } from 'node:tls'
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  IAMClient,
} from '@aws-sdk/client-iam'
import type { Cloud } from '../cloud/cloud.ts'
import type { Guardian } from '../cloud/guardian.ts'
import type { PolicyDocument } from '../cloud/iam/policy.ts'
import { layRuntime } from '../cloud/lambda/runtime-files.ts'
import { awsAccount } from '../targets/aws/account.ts'
import { type Hand, handIn } from '../targets/aws/hand.ts'
import { type LabsTarget, labsTarget } from '../targets/aws/labs.ts'
import { manifestIn } from '../targets/aws/manifest.ts'
import type { Asked, Place } from '../targets/aws/need.ts'
import { localTarget } from '../targets/local.ts'

/** Long-lived keys of a user. */
export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** Somebody who may do what their policies say, in an account of the local cloud: a stand-in for AWS. */
export interface Attendee {
  readonly cloud: Cloud
  readonly place: Place
  readonly credentials: Keys
  /** All that IAM has been asked about them so far. */
  asked(): readonly (Asked & { readonly allowed: boolean })[]
  /** Somebody else in the same account. */
  another(policies: readonly PolicyDocument[]): Promise<Keys>
  stop(): Promise<void>
}

/** The attendee's name, and that of the profile with their keys. */
export const NAME = 'ann'

/** Starts an account with somebody in it. */
export async function attendeeWith(
  policies: readonly PolicyDocument[],
  guardian: Guardian,
): Promise<Attendee> {
  const { cloud } = await localTarget(guardian)
  const { accountId, region } = cloud.account
  const asked: (Asked & { allowed: boolean })[] = []
  const arn = `arn:aws:iam::${accountId}:user/${NAME}`
  const deaf = cloud.events.subscribe(event => {
    if (event.kind === 'decision' && event.principal === arn) asked.push(event)
  })
  const credentials = await userWith(policies, NAME, cloud)
  let others = 0

  return {
    cloud,
    place: { accountId, region },
    credentials,
    asked: () => [...asked],
    another: theirs => userWith(theirs, `other${++others}`, cloud),
    async stop() {
      deaf()
      await cloud.stop()
    },
  }
}

async function userWith(
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

/** The attendee at work with `--target aws`: labs are deployed by the CDK's own command line, and stay up. */
export interface AtWork {
  readonly hand: Hand
  readonly target: LabsTarget
  stop(): void
}

/** Lets this process work as the attendee: AWS's variables, and connections to AWS's names, lead to their account from now on. */
export async function atWork({ cloud, credentials, place }: Attendee, guardian: Guardian): Promise<AtWork> {
  const folder = guardian.temporaryFolder('wslab-attendee-')
  const { accessKeyId, secretAccessKey } = credentials
  const keys = `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`
  writeFileSync(join(folder, 'credentials'), `[${NAME}]\n${keys}`, { mode: 0o600 })
  process.env.AWS_SHARED_CREDENTIALS_FILE = join(folder, 'credentials')
  process.env.AWS_CONFIG_FILE = join(folder, 'config')
  await leadHere(cloud, folder)

  const account = await awsAccount({ profile: NAME, region: place.region, endpoint: cloud.endpoint })
  const hand = handIn(account, await account.startsAs(), manifestIn(join(folder, 'notes')))
  const target = labsTarget(hand, {
    ...{ attendee: NAME, guardian, directory: folder, keep: true },
    home: guardian.temporaryFolder('wslab-cdk-home-'),
    tell: () => {},
  })
  return { hand, target, stop: account.stop }
}

/** An API has no address but AWS's: what opens sockets finds it by the same redirect as handlers do. */
async function leadHere({ endpoint }: Cloud, folder: string): Promise<void> {
  const redirect = await layRuntime(join(folder, 'runtime'))
  const port = Number(new URL(endpoint).port)
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const certificate = socket.getPeerCertificate().raw.toString('base64')
  socket.destroy()
  const authority = `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`
  redirect.pointTo({ port, authority })
  createRequire(import.meta.url)(redirect.preload)
  // And so does what it starts.
  process.env.NODE_OPTIONS = `--require ${redirect.preload}`
}
