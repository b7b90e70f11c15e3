import { AwsError } from '../../error.ts'
import type { Template } from '../template.ts'
import { type Input, listOf } from './members.ts'

/** The IAM resources that must be acknowledged, and the property that gives each a name of the template's choosing. */
const IAM_TYPES: Readonly<Record<string, string | undefined>> = {
  'AWS::IAM::AccessKey': undefined,
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  // Its PolicyName is no name of a resource of its own.
  'AWS::IAM::Policy': undefined,
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::User': 'UserName',
  'AWS::IAM::UserToGroupAddition': undefined,
}

/** What has to be acknowledged before a template is carried out, and why. */
export interface Needed {
  readonly capability: 'CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM' | undefined
  /** `The following resource(s) require capabilities: [AWS::IAM::Role]`. */
  readonly reason: string | undefined
  readonly transforms: readonly string[]
}

/** What a template needs to have acknowledged. */
export function neededCapabilities({ Resources, Transform = [] }: Template): Needed {
  const iam = Object.values(Resources).filter(({ Type }) => Object.hasOwn(IAM_TYPES, Type))
  const named = iam.some(
    ({ Type, Properties = {} }) =>
      IAM_TYPES[Type] !== undefined && Object.hasOwn(Properties, IAM_TYPES[Type]),
  )
  const types = [...new Set(iam.map(({ Type }) => Type))]
  return {
    capability: iam.length === 0 ? undefined : named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM',
    reason:
      types.length > 0 ? `The following resource(s) require capabilities: [${types.join(', ')}]` : undefined,
    transforms: [Transform].flat(),
  }
}

/**
 * Throws `InsufficientCapabilitiesException` where a call does not acknowledge what its template needs. Transforms need
 * to be acknowledged only where there is no change set to look at first.
 */
export const acknowledged = (input: Input, template: Template, transformsToo: boolean): void =>
  acknowledgedBy(listOf(input.Capabilities), template, transformsToo)

/** The same, with the capabilities that were acknowledged. */
export function acknowledgedBy(
  capabilities: readonly string[],
  template: Template,
  transformsToo: boolean,
): void {
  const given = new Set(capabilities)
  const { capability, transforms } = neededCapabilities(template)
  const missing = [
    ...(capability && !given.has(capability) && !given.has('CAPABILITY_NAMED_IAM') ? [capability] : []),
    ...(transformsToo && transforms.length > 0 && !given.has('CAPABILITY_AUTO_EXPAND')
      ? ['CAPABILITY_AUTO_EXPAND']
      : []),
  ]
  if (missing.length === 0) return
  throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${missing.join(', ')}]`)
}
