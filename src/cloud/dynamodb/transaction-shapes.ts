import type { Shape } from './engine.ts'

const item = { type: 'Map<AttributeValue>', notNull: true, children: 'AttrStruct<ValueStruct>' }
const names = { type: 'Map<java.lang.String>', children: 'String' }
const values = { type: 'Map<AttributeValue>', children: 'AttrStruct<ValueStruct>' }
const tableName = { type: 'String', notNull: true }
const capacity = { type: 'String', enum: ['INDEXES', 'TOTAL', 'NONE'] }

const conditional = {
  TableName: tableName,
  ConditionExpression: 'String',
  ExpressionAttributeNames: names,
  ExpressionAttributeValues: values,
  ReturnValuesOnConditionCheckFailure: { type: 'String', enum: ['ALL_OLD', 'NONE'] },
}

const upToAHundred = (type: string, children: object) => ({
  type: 'List',
  notNull: true,
  lengthGreaterThanOrEqual: 1,
  lengthLessThanOrEqual: 100,
  children: { type: `ValueStruct<${type}>`, children },
})

/** The input of TransactWriteItems. */
export const writeShape: Shape = {
  TransactItems: upToAHundred('TransactWriteItem', {
    Put: { type: 'FieldStruct<Put>', children: { ...conditional, Item: item } },
    Update: {
      type: 'FieldStruct<Update>',
      children: { ...conditional, Key: item, UpdateExpression: { type: 'String', notNull: true } },
    },
    Delete: { type: 'FieldStruct<Delete>', children: { ...conditional, Key: item } },
    ConditionCheck: {
      type: 'FieldStruct<ConditionCheck>',
      children: { ...conditional, Key: item, ConditionExpression: { type: 'String', notNull: true } },
    },
  }),
  ClientRequestToken: { type: 'String', lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 36 },
  ReturnConsumedCapacity: capacity,
  ReturnItemCollectionMetrics: { type: 'String', enum: ['SIZE', 'NONE'] },
}

/** The input of TransactGetItems. */
export const readShape: Shape = {
  TransactItems: upToAHundred('TransactGetItem', {
    Get: {
      type: 'FieldStruct<Get>',
      notNull: true,
      children: {
        TableName: tableName,
        Key: item,
        ProjectionExpression: 'String',
        ExpressionAttributeNames: names,
      },
    },
  }),
  ReturnConsumedCapacity: capacity,
}
