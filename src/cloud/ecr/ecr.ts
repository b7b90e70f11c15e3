import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { ResourceType } from '../cloudformation/resource.ts'
import { AwsError } from '../error.ts'
import { denialText } from '../iam/denial.ts'
import type { Service } from '../service.ts'
import { operations } from './operations.ts'
import type { Repository } from './repository.ts'
import { repositoryResource } from './resource.ts'

/** Amazon ECR as far as `cdk bootstrap` needs it: repositories come and go, and stay empty. */
export interface Ecr {
  readonly service: Service
  /** `AWS::ECR::Repository`. */
  readonly resources: readonly ResourceType[]
}

/** Starts ECR without a repository. */
export function startEcr({ account, clock }: { readonly account: Account; readonly clock: Clock }): Ecr {
  const repositories = new Map<string, Repository>()
  return {
    service: {
      signingName: 'ecr',
      protocol: 'json-1.1',
      targetPrefix: 'AmazonEC2ContainerRegistry_V20150921',
      operations: operations(account, repositories),
      denied: (access, decision, { principal }) =>
        new AwsError('AccessDeniedException', denialText(principal, access, decision)),
    },
    resources: [repositoryResource(account, clock, repositories)],
  }
}
