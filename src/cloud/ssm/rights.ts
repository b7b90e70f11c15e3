// What CloudFormation's handlers for Systems Manager ask: a table.
import { arnIn, type Rights } from '../cloudformation/rights.ts'

/** AWS::SSM::Parameter. */
export const parameterRights: Rights = {
  service: 'Ssm',
  on(of) {
    const name: string = of.physicalId ?? of.properties.Name ?? `CFN-${of.inventName()}`
    return arnIn(of.account, 'ssm', `parameter${name.startsWith('/') ? '' : '/'}${name}`)
  },
  create: 'ssm: PutParameter',
  read: 'ssm: GetParameters',
  update: 'ssm: PutParameter',
  delete: 'ssm: DeleteParameter',
  tag: 'ssm: AddTagsToResource',
  untag: 'ssm: RemoveTagsFromResource',
}
