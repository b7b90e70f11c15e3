import type { Clock } from '../clock.ts'
import { AwsError } from '../error.ts'
import { denialText } from '../iam/denial.ts'
import type { Service } from '../service.ts'
import { changeSetOperations } from './api/change-set-operations.ts'
import { changeSets } from './api/change-sets.ts'
import { readOperations } from './api/read-operations.ts'
import type { Site } from './api/site.ts'
import { stackOperations } from './api/stack-operations.ts'
import { s3Error } from './api/template-of.ts'
import { templateOperations } from './api/template-operations.ts'

/**
 * CloudFormation as it can be asked from outside: by `cdk deploy`, the aws CLI and every SDK.
 *
 * AWS makes a stack behind the caller's back, and tells of it by status and events; here a call that makes, changes or
 * deletes one answers when that is done, so that the next call finds the end of the story. The resources in it are made
 * with the caller's rights, or with those of the role that the caller names: each type says which (`rights`).
 */
export function cloudFormationService({ clock, ...site }: Site & { readonly clock: Clock }): Service {
  const planned = changeSets(site)
  return {
    signingName: 'cloudformation',
    protocol: 'query',
    version: '2010-05-15',
    operations: [
      ...stackOperations(site, planned),
      ...readOperations(site),
      ...templateOperations(site, planned),
      ...changeSetOperations(site, planned, clock),
    ],
    denied: (access, decision, { principal }) =>
      access.action.startsWith('s3:')
        ? s3Error('Access Denied')
        : new AwsError('AccessDenied', denialText(principal, access, decision), 403),
  }
}
