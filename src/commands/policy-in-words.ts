import { labs } from '../../labs/index.ts'
import type { Statement } from '../cloud/iam/policy.ts'
import type { Identity } from '../targets/aws/account.ts'
import { attendeePolicies } from '../targets/aws/attendee-policy.ts'

/** The policy that an account's owner gives its attendees, to be pasted into IAM: a statement a line. With an attendee it is good for their stacks only. */
export function policyInWords({ accountId, region }: Identity, attendee: string | undefined): string {
  const policies = attendeePolicies({
    accountId,
    region,
    ...(attendee !== undefined && { attendee, labs: labs.map(({ id }) => id) }),
  })
  const whose = attendee === undefined ? 'attendees' : attendee
  const many = policies.length > 1 ? `, in ${policies.length} parts: attach them all` : ''
  return [
    `What ${whose} may be allowed in ${accountId}, ${region}, to check and destroy labs, and nothing else${many}:`,
    ...policies.map(({ Statement }) => inLines([Statement].flat())),
  ].join('\n\n')
}

const inLines = (statements: readonly Statement[]): string =>
  [
    '{ "Version": "2012-10-17", "Statement": [',
    statements.map(one => `  ${JSON.stringify(one)}`).join(',\n'),
    '] }',
  ].join('\n')
