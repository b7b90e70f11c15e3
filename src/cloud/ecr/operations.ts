import type { Account } from '../account.ts'
import { AwsError } from '../error.ts'
import type { Operation } from '../service.ts'
import type { Repository } from './repository.ts'

type Input = Readonly<Record<string, any>>

/** Reading what repositories there are. */
export function operations(
  account: Account,
  repositories: ReadonlyMap<string, Repository>,
): readonly Operation<Input>[] {
  const { partition, region, accountId } = account
  const arnOf = (name: string) => `arn:${partition}:ecr:${region}:${accountId}:repository/${name}`
  const found = (name: string): Repository => {
    const repository = repositories.get(name)
    if (!repository) throw notFound(name, accountId)
    return repository
  }
  const onRepository = (name: string, run: (repository: Repository) => unknown): Operation<Input> => ({
    name,
    access: ({ repositoryName = '' }) => [{ action: `ecr:${name}`, resource: arnOf(repositoryName) }],
    run: ({ repositoryName = '' }) => run(found(repositoryName)),
  })

  return [
    {
      name: 'DescribeRepositories',
      access: ({ repositoryNames = ['*'] }) =>
        repositoryNames.map((name: string) => ({
          action: 'ecr:DescribeRepositories',
          resource: arnOf(name),
        })),
      run: ({ repositoryNames = [...repositories.keys()].sort() }) => ({
        repositories: repositoryNames.map((name: string) => shown(found(name), accountId)),
      }),
    },
    onRepository('ListImages', () => ({ imageIds: [] })),
    onRepository('DescribeImages', () => ({ imageDetails: [] })),
    onRepository('GetRepositoryPolicy', ({ name, policyText }) => {
      if (policyText !== undefined) {
        return { registryId: accountId, repositoryName: name, policyText }
      }
      throw new AwsError(
        'RepositoryPolicyNotFoundException',
        `Repository policy does not exist for the repository with name '${name}' in the registry with id '${accountId}'`,
      )
    }),
    onRepository('GetLifecyclePolicy', ({ name, lifecycleText }) => {
      if (lifecycleText !== undefined) {
        return { registryId: accountId, repositoryName: name, lifecyclePolicyText: lifecycleText }
      }
      throw new AwsError(
        'LifecyclePolicyNotFoundException',
        `Lifecycle policy does not exist for the repository with name '${name}' in the registry with id '${accountId}'`,
      )
    }),
    {
      name: 'ListTagsForResource',
      access: ({ resourceArn = '' }) => [{ action: 'ecr:ListTagsForResource', resource: resourceArn }],
      run: ({ resourceArn = '' }) => ({
        tags: found(resourceArn.slice(resourceArn.indexOf(':repository/') + 12)).tags,
      }),
    },
  ]
}

const shown = ({ name, arn, uri, createdAt, imageTagMutability }: Repository, registryId: string) => ({
  repositoryArn: arn,
  registryId,
  repositoryName: name,
  repositoryUri: uri,
  createdAt: createdAt / 1000,
  imageTagMutability,
  imageScanningConfiguration: { scanOnPush: false },
  encryptionConfiguration: { encryptionType: 'AES256' },
})

const notFound = (name: string, registryId: string) =>
  new AwsError(
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist in the registry with id '${registryId}'`,
  )
