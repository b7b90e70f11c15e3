import type { Properties } from '../cloudformation/properties.ts'
import type { ResourceType } from '../cloudformation/resource.ts'
import { AwsError } from '../error.ts'
import type { Identity } from './identity.ts'
import { deleteConflict } from './names.ts'
import type { ManagedPolicy } from './policies.ts'
import { inlinePolicyRights, managedPolicyRights, rolePolicyRights } from './rights.ts'
import type { Iam } from './roles.ts'

/** AWS::IAM::Policy: one inline policy, written into every role and user it names. */
export function inlinePolicy(iam: Iam): ResourceType {
  return {
    type: 'AWS::IAM::Policy',
    attributes: ['Id'],
    rights: inlinePolicyRights,
    properties: {
      Groups: 'update',
      PolicyDocument: 'update',
      PolicyName: 'update',
      Roles: 'update',
      Users: 'update',
    },
    refuse: refuseGroups,
    create({ properties, inventName }) {
      put(properties)
      const physicalId = inventName(128)
      return { physicalId, attributes: { Id: physicalId } }
    },
    update({ properties }, existing) {
      put(properties)
      const keeps = (identity: Identity) =>
        properties.PolicyName === existing.properties.PolicyName &&
        holders(iam, properties).some(one => one.arn === identity.arn)
      takeAway(existing.properties, keeps)
      return existing
    },
    delete({ properties }) {
      takeAway(properties, () => false)
    },
  }

  function put(properties: Properties): void {
    const given = holders(iam, properties)
    if (given.length === 0) {
      throw new AwsError('ValidationError', 'At least one of [Groups,Roles,Users] must be non-empty.')
    }
    for (const identity of given)
      iam.putInlinePolicy(identity, properties.PolicyName, properties.PolicyDocument)
  }

  function takeAway(properties: Properties, keeps: (identity: Identity) => boolean): void {
    for (const identity of stillThere(iam, properties)) {
      if (identity.inline.has(properties.PolicyName) && !keeps(identity)) {
        iam.deleteInlinePolicy(identity, properties.PolicyName)
      }
    }
  }
}

/** AWS::IAM::RolePolicy: one inline policy of one role. */
export function rolePolicy(iam: Iam): ResourceType {
  return {
    type: 'AWS::IAM::RolePolicy',
    attributes: [],
    rights: rolePolicyRights,
    properties: { PolicyDocument: 'update', PolicyName: 'replace', RoleName: 'replace' },
    create({ properties: { RoleName, PolicyName, PolicyDocument } }) {
      iam.putInlinePolicy(iam.role(RoleName), PolicyName, PolicyDocument)
      return { physicalId: `${PolicyName}|${RoleName}`, attributes: {} }
    },
    update({ properties: { RoleName, PolicyName, PolicyDocument } }, existing) {
      iam.putInlinePolicy(iam.role(RoleName), PolicyName, PolicyDocument)
      return existing
    },
    delete({ properties: { RoleName, PolicyName } }) {
      const [role] = stillThere(iam, { Roles: [RoleName] })
      if (role?.inline.has(PolicyName)) iam.deleteInlinePolicy(role, PolicyName)
    },
  }
}

/** AWS::IAM::ManagedPolicy: a policy of its own, attached to every role and user it names. */
export function managedPolicy(iam: Iam): ResourceType {
  return {
    type: 'AWS::IAM::ManagedPolicy',
    attributes: [
      'AttachmentCount',
      'CreateDate',
      'DefaultVersionId',
      'IsAttachable',
      'PermissionsBoundaryUsageCount',
      'PolicyArn',
      'PolicyId',
      'UpdateDate',
    ],
    nameProperty: 'ManagedPolicyName',
    rights: managedPolicyRights,
    properties: {
      Description: 'replace',
      Groups: 'update',
      ManagedPolicyName: 'replace',
      Path: 'replace',
      PolicyDocument: 'update',
      Roles: 'update',
      Users: 'update',
    },
    refuse: refuseGroups,
    create({ properties, inventName }) {
      const given = holders(iam, properties)
      const policy = iam.policies.create({
        name: properties.ManagedPolicyName ?? inventName(128),
        path: properties.Path,
        description: properties.Description,
        document: properties.PolicyDocument,
      })
      for (const identity of given) iam.attach(identity, policy.arn)
      return physical(policy)
    },
    update({ properties }, { physicalId: arn, properties: before }) {
      const policy = iam.policies.update(arn, properties.PolicyDocument)
      const given = holders(iam, properties)
      for (const identity of given) iam.attach(identity, arn)
      for (const identity of stillThere(iam, before)) {
        const stays = given.some(one => one.arn === identity.arn)
        if (!stays && identity.attached.has(arn)) iam.detach(identity, arn)
      }
      return physical(policy)
    },
    delete({ physicalId: arn, properties }) {
      for (const identity of stillThere(iam, properties)) {
        if (identity.attached.has(arn)) iam.detach(identity, arn)
      }
      if (attachments(arn) > 0) throw deleteConflict('Cannot delete a policy attached to entities.')
      iam.policies.delete(arn)
    },
  }

  function physical(policy: ManagedPolicy) {
    return {
      physicalId: policy.arn,
      attributes: {
        PolicyArn: policy.arn,
        PolicyId: policy.policyId,
        DefaultVersionId: policy.version,
        AttachmentCount: attachments(policy.arn),
        PermissionsBoundaryUsageCount: iam.roles().filter(({ boundary }) => boundary === policy.arn).length,
        IsAttachable: true,
        CreateDate: new Date(policy.createdAt).toISOString(),
        UpdateDate: new Date(policy.updatedAt).toISOString(),
      },
    }
  }

  function attachments(arn: string): number {
    return [...iam.roles(), ...iam.users()].filter(({ attached }) => attached.has(arn)).length
  }
}

/** Throws `NoSuchEntity` for one that is not there. */
const holders = (iam: Iam, { Roles = [], Users = [] }: Properties): readonly Identity[] => [
  ...Roles.map(iam.role),
  ...Users.map(iam.user),
]

/** Those of the named that exist: on the way out somebody may have gone first. */
const stillThere = (iam: Iam, { Roles = [], Users = [] }: Properties): readonly Identity[] => [
  ...iam.roles().filter(({ name }) => Roles.includes(name)),
  ...Users.map(iam.user),
]

const refuseGroups = ({ Groups }: Properties): readonly string[] =>
  Array.isArray(Groups) && Groups.length > 0 ? ['Groups: the local cloud has no groups of users'] : []
