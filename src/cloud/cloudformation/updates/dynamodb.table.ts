import { expect } from 'vitest'
import type { UpdateTable } from './update-row.ts'

const key = (AttributeName: string, AttributeType = 'S') => ({ AttributeName, AttributeType })
const hash = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' })
const range = (AttributeName: string) => ({ AttributeName, KeyType: 'RANGE' })
const Projection = { ProjectionType: 'ALL' }
const provisioned = (units: number) => ({ ReadCapacityUnits: units, WriteCapacityUnits: units })
const ranged = { AttributeDefinitions: [key('id'), key('at')], KeySchema: [hash('id'), range('at')] }

/** AWS::DynamoDB::Table. */
export const dynamodbTable: UpdateTable = {
  type: 'AWS::DynamoDB::Table',
  base: { AttributeDefinitions: [key('id')], KeySchema: [hash('id')], BillingMode: 'PAY_PER_REQUEST' },
  rows: [
    {
      property: 'TableName',
      does: 'replacement',
      change: { TableName: 'another' },
      shows: { TableName: 'another' },
    },
    {
      property: 'KeySchema',
      does: 'replacement',
      change: { AttributeDefinitions: [key('other')], KeySchema: [hash('other')] },
      shows: { KeySchema: [hash('other')] },
    },
    {
      property: 'AttributeDefinitions',
      does: 'replacement',
      source: 'its description: Some interruptions. Replacement if you edit an existing AttributeDefinition.',
      change: { AttributeDefinitions: [key('id', 'N')] },
      shows: { AttributeDefinitions: [key('id', 'N')] },
    },
    {
      property: 'AttributeDefinitions',
      does: 'some interruption',
      source: 'the same: a new one',
      change: {
        AttributeDefinitions: [key('id'), key('who')],
        GlobalSecondaryIndexes: [{ IndexName: 'byWho', KeySchema: [hash('who')], Projection }],
      },
      shows: { AttributeDefinitions: expect.arrayContaining([key('who')]) },
    },
    {
      property: 'LocalSecondaryIndexes',
      does: 'replacement',
      source: 'the user guide until 2023-01: Replacement. UpdateTable has no member for them.',
      from: ranged,
      change: {
        AttributeDefinitions: [key('id'), key('at'), key('who')],
        LocalSecondaryIndexes: [{ IndexName: 'byWho', KeySchema: [hash('id'), range('who')], Projection }],
      },
      shows: { LocalSecondaryIndexes: [{ IndexName: 'byWho' }] },
    },
    {
      property: 'GlobalSecondaryIndexes',
      does: 'no interruption',
      from: ranged,
      change: { GlobalSecondaryIndexes: [{ IndexName: 'byAt', KeySchema: [hash('at')], Projection }] },
      shows: { GlobalSecondaryIndexes: [{ IndexName: 'byAt' }] },
    },
    {
      property: 'BillingMode',
      does: 'no interruption',
      change: { BillingMode: 'PROVISIONED', ProvisionedThroughput: provisioned(2) },
      shows: { ProvisionedThroughput: provisioned(2) },
    },
    {
      property: 'ProvisionedThroughput',
      does: 'no interruption',
      from: { BillingMode: 'PROVISIONED', ProvisionedThroughput: provisioned(1) },
      change: { ProvisionedThroughput: provisioned(3) },
      shows: { ProvisionedThroughput: provisioned(3) },
    },
    {
      property: 'TimeToLiveSpecification',
      does: 'no interruption',
      change: { TimeToLiveSpecification: { AttributeName: 'until', Enabled: true } },
      shows: { TimeToLive: { AttributeName: 'until', TimeToLiveStatus: 'ENABLED' } },
    },
    {
      property: 'DeletionProtectionEnabled',
      does: 'no interruption',
      change: { DeletionProtectionEnabled: true },
      shows: { DeletionProtectionEnabled: true },
    },
    {
      property: 'ResourcePolicy',
      does: 'no interruption',
      change: {
        ResourcePolicy: {
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { AWS: '123456789012' },
                Action: 'dynamodb:GetItem',
                Resource: '*',
              },
            ],
          },
        },
      },
      shows: { Policy: expect.stringContaining('dynamodb:GetItem') },
    },
    {
      property: 'Tags',
      does: 'no interruption',
      change: { Tags: [{ Key: 'a', Value: 'b' }] },
      shows: { Tags: [{ Key: 'a', Value: 'b' }] },
    },
    {
      property: 'TableClass',
      does: 'no interruption',
      change: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
      shows: { TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' } },
    },
    {
      property: 'OnDemandThroughput',
      does: 'no interruption',
      change: { OnDemandThroughput: { MaxReadRequestUnits: 7 } },
      shows: { OnDemandThroughput: { MaxReadRequestUnits: 7 } },
    },
    {
      property: 'WarmThroughput',
      does: 'no interruption',
      change: { WarmThroughput: { ReadUnitsPerSecond: 12_000 } },
      shows: { WarmThroughput: { ReadUnitsPerSecond: 12_000 } },
    },
    {
      property: 'SSESpecification',
      does: 'some interruption',
      source: 'the user guide',
      change: { SSESpecification: { SSEEnabled: true } },
      shows: { SSEDescription: { Status: 'ENABLED' } },
    },
    {
      property: 'StreamSpecification',
      does: 'no interruption',
      change: { StreamSpecification: { StreamViewType: 'KEYS_ONLY' } },
      shows: { StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } },
    },
    {
      property: 'PointInTimeRecoverySpecification',
      does: 'no interruption',
      change: { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
    },
    {
      property: 'ContributorInsightsSpecification',
      does: 'no interruption',
      change: { ContributorInsightsSpecification: { Enabled: true } },
    },
  ],
}
