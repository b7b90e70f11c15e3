import { AwsError } from '../error.ts'
import type { Operation } from '../service.ts'
import type { AccessKeys } from './access-keys.ts'
import type { Identity } from './identity.ts'
import {
  arnPrefix,
  date,
  documentIn,
  encoded,
  type Paging,
  page,
  required,
  tagsIn,
  tagsOut,
} from './input.ts'
import { deleteConflict, noSuchEntity } from './names.ts'
import type { Iam } from './roles.ts'

interface UserInput extends Paging {
  readonly UserName?: string
  readonly Path?: string
  readonly PathPrefix?: string
  readonly PermissionsBoundary?: string
  readonly Tags?: unknown
  readonly PolicyName?: string
  readonly PolicyDocument?: string
  readonly PolicyArn?: string
  readonly AccessKeyId?: string
}

/** The operations of users, their policies and their keys. A caller that names no user means itself. */
export function userOperations(iam: Iam, keys: AccessKeys): readonly Operation<UserInput>[] {
  return [
    {
      name: 'CreateUser',
      access: ({ UserName, Path = '/' }) => [
        {
          action: 'iam:CreateUser',
          resource: `${arnPrefix(iam)}:user${Path}${required('userName', UserName)}`,
        },
      ],
      run({ UserName, Path, PermissionsBoundary, Tags }) {
        const boundary = PermissionsBoundary || undefined
        return {
          User: userOutput(iam.createUser({ name: UserName!, path: Path, boundary, tags: tagsIn(Tags) })),
        }
      },
    },
    {
      name: 'ListUsers',
      access: ({ PathPrefix = '/' }) => [
        { action: 'iam:ListUsers', resource: `${arnPrefix(iam)}:user${PathPrefix}` },
      ],
      run(input) {
        const found = iam.users().filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'))
        return page('Users', found.map(userInList), input)
      },
    },
    ofUser('GetUser', user => ({ User: userOutput(user) })),
    ofUser('DeleteUser', user => {
      if (keys.of(user).length > 0)
        throw deleteConflict('Cannot delete entity, must delete access keys first.')
      iam.deleteUser(user.name)
      return undefined
    }),
    ofUser('PutUserPolicy', (user, { PolicyName, PolicyDocument }) => {
      const document = documentIn(required('policyDocument', PolicyDocument))
      iam.putInlinePolicy(user, required('policyName', PolicyName), document)
      return undefined
    }),
    ofUser('GetUserPolicy', (user, { PolicyName }) => {
      const document = user.inline.get(required('policyName', PolicyName))
      if (!document) throw noSuchEntity(`The user policy with name ${PolicyName} cannot be found.`)
      return { UserName: user.name, PolicyName, PolicyDocument: encoded(document) }
    }),
    ofUser('DeleteUserPolicy', (user, { PolicyName }) => {
      iam.deleteInlinePolicy(user, required('policyName', PolicyName))
      return undefined
    }),
    ofUser('ListUserPolicies', (user, input) => page('PolicyNames', [...user.inline.keys()], input)),
    ofUser('AttachUserPolicy', (user, { PolicyArn }) => {
      iam.attach(user, required('policyArn', PolicyArn))
      return undefined
    }),
    ofUser('DetachUserPolicy', (user, { PolicyArn }) => {
      iam.detach(user, required('policyArn', PolicyArn))
      return undefined
    }),
    ofUser('ListAttachedUserPolicies', (user, input) => {
      const attached = [...user.attached].map(arn => ({
        PolicyName: iam.policies.find(arn).name,
        PolicyArn: arn,
      }))
      return page('AttachedPolicies', attached, input)
    }),
    ofUser('CreateAccessKey', user => {
      const { id, secret, createdAt } = keys.create(user)
      return {
        AccessKey: {
          UserName: user.name,
          AccessKeyId: id,
          Status: 'Active',
          SecretAccessKey: secret,
          CreateDate: date(createdAt),
        },
      }
    }),
    ofUser('ListAccessKeys', (user, input) => {
      const all = keys.of(user).map(({ id, createdAt }) => ({
        UserName: user.name,
        AccessKeyId: id,
        Status: 'Active',
        CreateDate: date(createdAt),
      }))
      return page('AccessKeyMetadata', all, input)
    }),
    ofUser('DeleteAccessKey', (user, { AccessKeyId }) => {
      keys.delete(user, required('accessKeyId', AccessKeyId))
      return undefined
    }),
  ]

  function ofUser(name: string, run: (user: Identity, input: UserInput) => unknown): Operation<UserInput> {
    const named = (input: UserInput, arn: string | undefined) => {
      if (input.UserName) return input.UserName
      // A role's session is nobody's user.
      if (!arn?.includes(':user/')) {
        throw new AwsError('ValidationError', 'Must specify userName when calling with non-User credentials')
      }
      return arn.slice(arn.lastIndexOf('/') + 1)
    }
    return {
      name,
      access(input, { principal }) {
        const userName = named(input, 'arn' in principal ? principal.arn : undefined)
        const existing = iam.users().find(user => user.name === userName)
        const context = input.PolicyArn ? { 'iam:PolicyARN': input.PolicyArn } : {}
        const resource = existing?.arn ?? `${arnPrefix(iam)}:user/${userName}`
        return [{ action: `iam:${name}`, resource, context }]
      },
      run: (input, { principal }) =>
        run(iam.user(named(input, 'arn' in principal ? principal.arn : undefined)), input),
    }
  }
}

/** ListUsers tells less than GetUser (getmoto/moto, test_iam_response_attributes.py, verified on AWS). */
const userInList = (user: Identity) => ({
  Path: user.path,
  UserName: user.name,
  UserId: user.id,
  Arn: user.arn,
  CreateDate: date(user.createdAt),
})

const userOutput = (user: Identity) => ({
  ...userInList(user),
  ...(user.boundary === undefined
    ? {}
    : {
        PermissionsBoundary: {
          PermissionsBoundaryType: 'Policy',
          PermissionsBoundaryArn: user.boundary,
        },
      }),
  ...(Object.keys(user.tags).length > 0 ? { Tags: tagsOut(user.tags) } : {}),
})
