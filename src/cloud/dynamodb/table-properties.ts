import type { Properties } from '../cloudformation/properties.ts'

/** The input of CreateTable that the properties of an AWS::DynamoDB::Table amount to. */
export const tableInput = (table: Properties, TableName: string): Record<string, unknown> =>
  given({
    TableName,
    AttributeDefinitions: table.AttributeDefinitions,
    KeySchema: table.KeySchema,
    BillingMode: table.BillingMode,
    ProvisionedThroughput: throughput(table.ProvisionedThroughput),
    LocalSecondaryIndexes: table.LocalSecondaryIndexes,
    GlobalSecondaryIndexes: table.GlobalSecondaryIndexes?.map(indexInput),
    Tags: table.Tags,
    ResourcePolicy: policyText(table.ResourcePolicy),
    StreamSpecification: streamInput(table.StreamSpecification),
    ...settingsInput(table),
  })

/** The API's StreamSpecification. In a template it is there or not: it has no StreamEnabled. */
export const streamInput = (specification: any) =>
  specification && given({ StreamEnabled: true, StreamViewType: specification.StreamViewType })

/** The settings that CreateTable and UpdateTable have in common. */
export const settingsInput = (table: Properties): Record<string, unknown> =>
  given({
    DeletionProtectionEnabled:
      table.DeletionProtectionEnabled === undefined
        ? undefined
        : String(table.DeletionProtectionEnabled) === 'true',
    TableClass: table.TableClass,
    OnDemandThroughput: numbers(table.OnDemandThroughput),
    WarmThroughput: numbers(table.WarmThroughput),
    SSESpecification:
      table.SSESpecification &&
      given({
        Enabled: String(table.SSESpecification.SSEEnabled) === 'true',
        SSEType: table.SSESpecification.SSEType,
        KMSMasterKeyId: table.SSESpecification.KMSMasterKeyId,
      }),
  })

/** A global index as CreateTable and UpdateTable take it. */
export const indexInput = (index: any): Record<string, unknown> =>
  given({
    IndexName: index.IndexName,
    KeySchema: index.KeySchema,
    Projection: index.Projection,
    ProvisionedThroughput: throughput(index.ProvisionedThroughput),
  })

/** Numbers that a template may have written as text. */
export const throughput = (value: any) =>
  value && {
    ReadCapacityUnits: Number(value.ReadCapacityUnits),
    WriteCapacityUnits: Number(value.WriteCapacityUnits),
  }

/** The policy of a ResourcePolicy property, as the API takes it. */
export const policyText = (policy: any): string | undefined =>
  policy?.PolicyDocument && JSON.stringify(policy.PolicyDocument)

const numbers = (values: any) =>
  values && Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]))

const given = (members: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
