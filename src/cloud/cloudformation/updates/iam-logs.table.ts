import { expect } from 'vitest'
import type { UpdateTable } from './update-row.ts'

const Version = '2012-10-17'
const trust = (Service: string) => ({
  Version,
  Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
})
const allow = (Action: string) => ({ Version, Statement: [{ Effect: 'Allow', Action, Resource: '*' }] })
const Tags = [{ Key: 'a', Value: 'b' }]

/** AWS::IAM::Role. */
export const role: UpdateTable = {
  type: 'AWS::IAM::Role',
  base: { AssumeRolePolicyDocument: trust('lambda.amazonaws.com') },
  rows: [
    {
      property: 'RoleName',
      does: 'replacement',
      change: { RoleName: 'another' },
      shows: { RoleName: 'another' },
    },
    { property: 'Path', does: 'replacement', change: { Path: '/deep/' }, shows: { Path: '/deep/' } },
    {
      property: 'AssumeRolePolicyDocument',
      does: 'no interruption',
      change: { AssumeRolePolicyDocument: trust('apigateway.amazonaws.com') },
      shows: { AssumeRolePolicyDocument: expect.stringContaining('apigateway.amazonaws.com') },
    },
    {
      property: 'Description',
      does: 'no interruption',
      change: { Description: 'x' },
      shows: { Description: 'x' },
    },
    {
      property: 'ManagedPolicyArns',
      does: 'no interruption',
      change: ({ ManagedArn }) => ({ ManagedPolicyArns: [ManagedArn] }),
      shows: ({ ManagedArn }) => ({ attached: [{ PolicyArn: ManagedArn }] }),
    },
    {
      property: 'MaxSessionDuration',
      does: 'no interruption',
      change: { MaxSessionDuration: 7200 },
      shows: { MaxSessionDuration: 7200 },
    },
    {
      property: 'PermissionsBoundary',
      does: 'no interruption',
      change: ({ ManagedArn }) => ({ PermissionsBoundary: ManagedArn }),
      shows: ({ ManagedArn }) => ({ PermissionsBoundary: { PermissionsBoundaryArn: ManagedArn } }),
    },
    {
      property: 'Policies',
      does: 'no interruption',
      change: { Policies: [{ PolicyName: 'own', PolicyDocument: allow('sqs:*') }] },
      shows: { inline: ['own'] },
    },
    { property: 'Tags', does: 'no interruption', change: { Tags }, shows: { Tags } },
  ],
}

/** AWS::IAM::Policy. */
export const policy: UpdateTable = {
  type: 'AWS::IAM::Policy',
  base: ({ RoleName }) => ({ PolicyName: 'first', PolicyDocument: allow('sqs:*'), Roles: [RoleName] }),
  rows: [
    {
      property: 'PolicyDocument',
      does: 'no interruption',
      change: { PolicyDocument: allow('sns:*') },
      shows: { RoleName: { first: expect.stringContaining('sns:*') } },
    },
    {
      property: 'PolicyName',
      does: 'no interruption',
      change: { PolicyName: 'second' },
      shows: { RoleName: { second: expect.stringContaining('sqs:*') } },
    },
    {
      property: 'Roles',
      does: 'no interruption',
      change: ({ OtherRoleName }) => ({ Roles: [OtherRoleName] }),
      shows: { RoleName: {}, OtherRoleName: { first: expect.stringContaining('sqs:*') } },
    },
    {
      property: 'Users',
      does: 'no interruption',
      change: ({ UserName }) => ({ Users: [UserName] }),
      shows: { UserName: ['first'] },
    },
  ],
}

/** AWS::IAM::ManagedPolicy. */
export const managedPolicy: UpdateTable = {
  type: 'AWS::IAM::ManagedPolicy',
  base: { PolicyDocument: allow('sqs:*') },
  rows: [
    {
      property: 'Description',
      does: 'replacement',
      change: { Description: 'x' },
      shows: { Description: 'x' },
    },
    {
      property: 'ManagedPolicyName',
      does: 'replacement',
      change: { ManagedPolicyName: 'another' },
      shows: { PolicyName: 'another' },
    },
    { property: 'Path', does: 'replacement', change: { Path: '/deep/' }, shows: { Path: '/deep/' } },
    {
      property: 'PolicyDocument',
      does: 'no interruption',
      change: { PolicyDocument: allow('sns:*') },
      shows: { Document: expect.stringContaining('sns:*') },
    },
    {
      property: 'Roles',
      does: 'no interruption',
      change: ({ RoleName }) => ({ Roles: [RoleName] }),
      shows: { AttachmentCount: 1 },
    },
    {
      property: 'Users',
      does: 'no interruption',
      change: ({ UserName }) => ({ Users: [UserName] }),
      shows: { AttachmentCount: 1 },
    },
  ],
}

/** AWS::Logs::LogGroup. */
export const logGroup: UpdateTable = {
  type: 'AWS::Logs::LogGroup',
  base: {},
  rows: [
    {
      property: 'LogGroupName',
      does: 'replacement',
      change: { LogGroupName: 'another' },
      shows: { logGroupName: 'another' },
    },
    {
      property: 'RetentionInDays',
      does: 'no interruption',
      change: { RetentionInDays: 3 },
      shows: { retentionInDays: 3 },
    },
    { property: 'Tags', does: 'no interruption', change: { Tags }, shows: { tags: { a: 'b' } } },
    {
      property: 'KmsKeyId',
      does: 'no interruption',
      change: { KmsKeyId: 'arn:aws:kms:us-east-1:123456789012:key/x' },
    },
    { property: 'LogGroupClass', does: 'no interruption', change: { LogGroupClass: 'STANDARD' } },
    {
      property: 'DeletionProtectionEnabled',
      does: 'no interruption',
      change: { DeletionProtectionEnabled: true },
    },
  ],
}
