import { textIn, type XmlElement } from '../door/protocols/xml.ts'
import { statementsOf } from '../iam/evaluate.ts'
import type { PolicyDocument, Statement } from '../iam/policy.ts'
import type { Bucket } from './bucket.ts'

/** The four settings of Block Public Access, in the order in which S3 gives them. */
export const BLOCKS = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets']

/** What a new bucket has: everything is blocked, since April 2023. */
export const publicAccessBlock = (blocked: Readonly<Record<string, unknown>>): XmlElement => ({
  name: 'PublicAccessBlockConfiguration',
  text: '',
  children: BLOCKS.map(name => ({
    name,
    text: String(String(blocked[name]).toLowerCase() === 'true'),
    children: [],
  })),
})

export const blocksPublicPolicy = (bucket: Bucket) => isOn(bucket, 'BlockPublicPolicy')
export const restrictsPublic = (bucket: Bucket) => isOn(bucket, 'RestrictPublicBuckets')

const isOn = ({ settings }: Bucket, name: string) =>
  textIn(settings.get('publicAccessBlock'), name)?.toLowerCase() === 'true'

/** Whether a policy gives anything to everybody: "The meaning of 'public'" in the S3 guide. */
export const isPublic = (policy: PolicyDocument): boolean =>
  statementsOf(policy).some(one => one.Effect === 'Allow' && isForAll(one) && !isNarrowed(one))

function isForAll({ Principal, NotPrincipal }: Statement): boolean {
  if (NotPrincipal !== undefined) return true
  if (Principal === undefined || Principal === '*') return Principal === '*'
  return [Principal.AWS ?? []].flat().includes('*')
}

/** Conditions on these, with values that name somebody, make a statement one that is not for all. */
const NARROWING =
  /^aws:(sourceip|sourcearn|sourcevpc|sourcevpce|sourceowner|sourceaccount|userid|principalorgid|principalorgpaths|principalaccount|principalarn)$|^s3:(x-amz-server-side-encryption-aws-kms-key-id|dataaccesspointarn|dataaccesspointaccount)$/i

const isNarrowed = ({ Condition = {} }: Statement): boolean =>
  Object.entries(Condition).some(
    ([operator, keys]) =>
      !/not|null|ifexists/i.test(operator) &&
      Object.entries(keys).some(
        ([key, values]) =>
          NARROWING.test(key) && [values].flat().every(value => !/^\*$|^0\.0\.0\.0\/0$/.test(value)),
      ),
  )
