import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { Properties } from '../cloudformation/properties.ts'
import type { Physical, ResourceType } from '../cloudformation/resource.ts'
import { arnIn, type Rights } from '../cloudformation/rights.ts'
import { AwsError } from '../error.ts'
import type { Repository } from './repository.ts'

/** AWS::ECR::Repository. */
export const repositoryResource = (
  account: Account,
  clock: Clock,
  repositories: Map<string, Repository>,
): ResourceType => ({
  type: 'AWS::ECR::Repository',
  nameProperty: 'RepositoryName',
  rights,
  properties: {
    EmptyOnDelete: 'harmless',
    EncryptionConfiguration: 'replace',
    ImageScanningConfiguration: 'harmless',
    ImageTagMutability: 'update',
    LifecyclePolicy: 'update',
    RepositoryName: 'replace',
    RepositoryPolicyText: 'update',
    Tags: 'update',
  },
  attributes: ['Arn', 'RepositoryUri'],
  create({ properties, inventName }) {
    const name: string = properties.RepositoryName ?? inventName(256).toLowerCase()
    if (repositories.has(name)) {
      throw new AwsError(
        'AlreadyExists',
        `Resource of type 'AWS::ECR::Repository' with identifier '${name}' already exists.`,
      )
    }
    const { accountId, region, urlSuffix } = account
    const repository: Repository = {
      name,
      arn: arnIn(account, 'ecr', `repository/${name}`),
      uri: `${accountId}.dkr.ecr.${region}.${urlSuffix}/${name}`,
      createdAt: clock.now(),
      ...settingsIn(properties),
    }
    repositories.set(name, repository)
    return physical(repository)
  },
  update({ properties }, { physicalId }) {
    return physical(Object.assign(repositories.get(physicalId)!, settingsIn(properties)))
  },
  delete: ({ physicalId }) => void repositories.delete(physicalId),
})

const rights: Rights = {
  service: 'Ecr',
  on: of =>
    arnIn(
      of.account,
      'ecr',
      `repository/${of.physicalId ?? of.properties.RepositoryName ?? of.inventName(256).toLowerCase()}`,
    ),
  create: 'ecr: CreateRepository',
  read: 'ecr: DescribeRepositories GetLifecyclePolicy GetRepositoryPolicy ListTagsForResource',
  update: 'ecr: PutLifecyclePolicy SetRepositoryPolicy PutImageTagMutability',
  delete: 'ecr: DeleteRepository',
  tag: 'ecr: TagResource',
  untag: 'ecr: UntagResource',
  also: (of, verb) =>
    verb === 'create'
      ? [
          ['LifecyclePolicy', 'ecr:PutLifecyclePolicy'] as const,
          ['RepositoryPolicyText', 'ecr:SetRepositoryPolicy'] as const,
        ]
          .filter(([property]) => of.properties[property] !== undefined)
          .map(([, action]) => ({ action, resource: rights.on(of) }))
      : [],
}

function settingsIn({ ImageTagMutability, LifecyclePolicy, RepositoryPolicyText, Tags }: Properties) {
  const text = (value: unknown) =>
    value === undefined || typeof value === 'string' ? value : JSON.stringify(value)
  return {
    imageTagMutability: ImageTagMutability ?? 'MUTABLE',
    policyText: text(RepositoryPolicyText),
    lifecycleText: text(LifecyclePolicy?.LifecyclePolicyText),
    tags: Tags ?? [],
  }
}

const physical = ({ name, arn, uri }: Repository): Physical => ({
  physicalId: name,
  attributes: { Arn: arn, RepositoryUri: uri },
})
