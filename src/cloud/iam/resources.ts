import type { Properties } from '../cloudformation/properties.ts'
import type { Physical, ResourceType } from '../cloudformation/resource.ts'
import type { Identity } from './identity.ts'
import { inlinePolicy, managedPolicy, rolePolicy } from './policy-resources.ts'
import { roleRights } from './rights.ts'
import type { Iam, RoleChanges } from './roles.ts'

/** The CloudFormation types of IAM that this cloud has. Update rules are those of the CloudFormation reference. */
export const iamResources = (iam: Iam): readonly ResourceType[] => [
  role(iam),
  inlinePolicy(iam),
  rolePolicy(iam),
  managedPolicy(iam),
]

function role(iam: Iam): ResourceType {
  return {
    type: 'AWS::IAM::Role',
    attributes: ['Arn', 'RoleId'],
    nameProperty: 'RoleName',
    rights: roleRights,
    properties: {
      AssumeRolePolicyDocument: 'update',
      Description: 'update',
      ManagedPolicyArns: 'update',
      MaxSessionDuration: 'update',
      Path: 'replace',
      PermissionsBoundary: 'update',
      Policies: 'update',
      RoleName: 'replace',
      Tags: 'update',
    },
    create({ properties, inventName }) {
      return physical(
        iam.createRole({
          name: properties.RoleName ?? inventName(64),
          path: properties.Path,
          ...changeable(properties),
          inline: inlineOf(properties),
          attached: properties.ManagedPolicyArns ?? [],
        }),
      )
    },
    update({ properties }, existing) {
      const made = iam.updateRole(existing.physicalId, changeable(properties))
      const inline = inlineOf(properties)
      const arns: readonly string[] = properties.ManagedPolicyArns ?? []
      takeBack(iam, made, existing.properties, {
        names: inline.map(({ name }) => name),
        arns,
      })
      for (const arn of arns) iam.attach(made, arn)
      for (const { name, document } of inline) iam.putInlinePolicy(made, name, document)
      return physical(made)
    },
    delete({ physicalId, properties }) {
      takeBack(iam, iam.role(physicalId), properties, { names: [], arns: [] })
      // Whatever others have attached stops it, as on AWS: DeleteConflict.
      iam.deleteRole(physicalId)
    },
  }
}

const physical = ({ name, arn, id }: Identity): Physical => ({
  physicalId: name,
  attributes: { Arn: arn, RoleId: id },
})

const changeable = (properties: Properties): RoleChanges & Required<Pick<RoleChanges, 'trust'>> => ({
  // Without one, IAM's own complaint about the empty document is the answer.
  trust: properties.AssumeRolePolicyDocument ?? {},
  description: properties.Description,
  maxSessionDuration: Number(properties.MaxSessionDuration ?? 3600),
  boundary: properties.PermissionsBoundary,
  tags: Object.fromEntries((properties.Tags ?? []).map(({ Key, Value }: Tag) => [Key, Value])),
})

interface Tag {
  readonly Key: string
  readonly Value: string
}

const inlineOf = (properties: Properties) =>
  (properties.Policies ?? []).map(({ PolicyName, PolicyDocument }: Record<string, any>) => ({
    name: PolicyName,
    document: PolicyDocument,
  })) as { name: string; document: any }[]

/** Takes from a role what its own properties once gave it, but for what is to stay. */
function takeBack(
  iam: Iam,
  made: Identity,
  given: Properties,
  staying: { readonly names: readonly string[]; readonly arns: readonly string[] },
): void {
  for (const arn of given.ManagedPolicyArns ?? []) {
    if (!staying.arns.includes(arn) && made.attached.has(arn)) iam.detach(made, arn)
  }
  for (const { name } of inlineOf(given)) {
    if (!staying.names.includes(name) && made.inline.has(name)) iam.deleteInlinePolicy(made, name)
  }
}
