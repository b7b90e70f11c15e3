// What CloudFormation's handlers for EventBridge ask: a table.
import { arnIn, passing, type Rights, type Subject } from '../cloudformation/rights.ts'

/** AWS::Events::EventBus. */
export const busRights: Rights = {
  service: 'EventBridge',
  on: of => busArn(of, of.physicalId ?? of.properties.Name),
  create: 'events: CreateEventBus DescribeEventBus',
  read: 'events: DescribeEventBus',
  update: 'events: UpdateEventBus DescribeEventBus',
  delete: 'events: DeleteEventBus DescribeEventBus',
  tag: 'events: TagResource',
  untag: 'events: UntagResource',
}

/** AWS::Events::Rule. */
export const ruleRights: Rights = {
  service: 'EventBridge',
  on: ruleArn,
  create: 'events: PutRule DescribeRule PutTargets',
  read: 'events: DescribeRule ListTargetsByRule',
  update: 'events: PutRule DescribeRule PutTargets RemoveTargets',
  delete: 'events: DeleteRule DescribeRule RemoveTargets ListTargetsByRule',
  tag: 'events: TagResource',
  untag: 'events: UntagResource',
  also: ({ properties }, verb) =>
    verb === 'delete'
      ? []
      : [properties, ...(properties.Targets ?? [])].flatMap(({ RoleArn }) =>
          passing(RoleArn, 'events.amazonaws.com'),
        ),
}

/** AWS::Events::EventBusPolicy. */
export const busPolicyRights: Rights = {
  service: 'EventBridge',
  on: () => '*',
  create: 'events: PutPermission',
  update: 'events: PutPermission',
  delete: 'events: RemovePermission',
}

const busArn = ({ account }: Subject, name: string): string => arnIn(account, 'events', `event-bus/${name}`)

function ruleArn(of: Subject): string {
  const { EventBusName = 'default', Name = of.inventName(64) } = of.properties
  const busName = String(EventBusName).split('/').at(-1)
  const name = of.physicalId?.split('|').at(-1) ?? Name
  return arnIn(of.account, 'events', `rule/${busName === 'default' ? '' : `${busName}/`}${name}`)
}
