// What CloudFormation's handlers for Cognito ask: a table.
import { arnIn, asking, passing, type Rights, type Subject } from '../cloudformation/rights.ts'

/** AWS::Cognito::UserPool. */
export const userPoolRights: Rights = {
  service: 'CognitoIdentityProvider',
  on: of => poolArn(of, of.physicalId),
  create: '',
  read: 'cognito-idp: DescribeUserPool GetUserPoolMfaConfig',
  update: 'cognito-idp: UpdateUserPool DescribeUserPool ListTagsForResource',
  delete: 'cognito-idp: DeleteUserPool',
  tag: 'cognito-idp: TagResource',
  untag: 'cognito-idp: UntagResource',
  also(of, verb) {
    if (verb === 'delete') return []
    const { MfaConfiguration: mfa, SmsConfiguration: sms } = of.properties
    return [
      // A pool that is not there yet has no ARN to be asked about.
      ...(verb === 'create' ? asking('cognito-idp: CreateUserPool', '*') : []),
      ...(verb === 'update' && of.before?.Schema !== undefined && isOther(of, 'Schema')
        ? asking('cognito-idp: AddCustomAttributes', poolArn(of, of.physicalId))
        : []),
      ...(mfa !== undefined && mfa !== 'OFF'
        ? asking('cognito-idp: SetUserPoolMfaConfig', poolArn(of, of.physicalId))
        : []),
      ...passing(sms?.SnsCallerArn, 'cognito-idp.amazonaws.com'),
    ]
  },
}

/** AWS::Cognito::UserPoolClient. */
export const userPoolClientRights: Rights = {
  service: 'CognitoIdentityProvider',
  on: of => poolArn(of, of.properties.UserPoolId),
  create: 'cognito-idp: CreateUserPoolClient',
  read: 'cognito-idp: DescribeUserPoolClient',
  update: 'cognito-idp: UpdateUserPoolClient',
  delete: 'cognito-idp: DeleteUserPoolClient',
}

/** AWS::Cognito::UserPoolGroup. */
export const userPoolGroupRights: Rights = {
  service: 'CognitoIdentityProvider',
  on: of => poolArn(of, of.properties.UserPoolId),
  create: 'cognito-idp: CreateGroup',
  read: 'cognito-idp: GetGroup',
  update: 'cognito-idp: UpdateGroup',
  delete: 'cognito-idp: DeleteGroup GetGroup',
  also: (of, verb) =>
    verb === 'delete' ? [] : passing(of.properties.RoleArn, 'cognito-identity.amazonaws.com'),
}

/** AWS::Cognito::UserPoolUser. */
export const userPoolUserRights: Rights = {
  service: 'CognitoIdentityProvider',
  on: of => poolArn(of, of.properties.UserPoolId),
  create: 'cognito-idp: AdminCreateUser',
  read: 'cognito-idp: AdminGetUser',
  delete: 'cognito-idp: AdminDeleteUser',
}

/** AWS::Cognito::UserPoolUserToGroupAttachment. */
export const userToGroupRights: Rights = {
  service: 'CognitoIdentityProvider',
  on: of => poolArn(of, of.properties.UserPoolId),
  create: 'cognito-idp: AdminAddUserToGroup',
  read: 'cognito-idp: AdminListGroupsForUser',
  delete: 'cognito-idp: AdminRemoveUserFromGroup AdminListGroupsForUser',
}

const poolArn = ({ account }: Subject, id = '*'): string => arnIn(account, 'cognito-idp', `userpool/${id}`)

const isOther = ({ properties, before }: Subject, name: string): boolean =>
  JSON.stringify(properties[name]) !== JSON.stringify(before?.[name])
