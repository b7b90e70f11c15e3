import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Cloud } from '../cloud.ts'
import { askedCloud } from './asked.fixture.ts'
import { hasAttribute } from './attributes.ts'
import { awsSchemas } from './aws-schemas.fixture.ts'
import { STACK_TYPE } from './history.ts'
import type { PropertyRule, ResourceType } from './resource.ts'

const schemas = awsSchemas()
let cloud: Cloud
beforeAll(async () => {
  cloud = await askedCloud()
})
afterAll(() => cloud.stop())

/** Where a schema does not tell all, and what does. */
const elsewhere: Readonly<Record<string, { readonly is: 'yes' | 'no' | 'maybe'; readonly source: string }>> =
  {
    'AWS::DynamoDB::Table.AttributeDefinitions': {
      is: 'maybe',
      source: 'its description: Some interruptions. Replacement if you edit an existing AttributeDefinition.',
    },
    'AWS::DynamoDB::GlobalTable.AttributeDefinitions': { is: 'maybe', source: 'as that of a Table' },
    'AWS::DynamoDB::Table.LocalSecondaryIndexes': {
      is: 'yes',
      source: 'the user guide until 2023-01: Replacement. UpdateTable has no member for them.',
    },
    'AWS::Route53::RecordSet.GeoProximityLocation': {
      is: 'no',
      source: 'the user guide: No interruption. The schema does not have it.',
    },
  }

/** What an update of a property does here, in the words of the schemas. */
function here(type: ResourceType, rule: PropertyRule): 'yes' | 'no' | 'maybe' {
  if (typeof rule === 'object') return 'maybe'
  return rule === 'replace' || (rule === 'update' && !type.update) ? 'yes' : 'no'
}

test('an update of a property replaces the resource exactly when AWS’s own schema says so', () => {
  const compared = cloud.stacks.types.filter(({ type, takesAnything }) => !takesAnything && schemas.has(type))
  const differ = compared.flatMap(type =>
    Object.entries(type.properties).flatMap(([name, rule]) => {
      const place = `${type.type}.${name}`
      const onAws = elsewhere[place]?.is ?? schemas.get(type.type)!.properties[name]
      return here(type, rule) === onAws ? [] : [`${place}: ${onAws} on AWS, ${here(type, rule)} here`]
    }),
  )

  expect(differ).toEqual([])
  expect(compared.length).toBeGreaterThan(60)
})

test('only CDK’s own types have no schema', () => {
  const without = cloud.stacks.types.filter(({ type, takesAnything }) => !takesAnything && !schemas.has(type))

  expect(without.filter(({ type }) => type.startsWith('AWS::')).map(({ type }) => type)).toEqual([
    'AWS::CDK::Metadata',
  ])
})

test('Fn::GetAtt may ask for what AWS’s own schemas have, and what is lacking here is named', () => {
  const compared = cloud.stacks.types.filter(
    ({ type, takesAnything }) => !takesAnything && type !== STACK_TYPE && schemas.has(type),
  )
  const differ = compared.flatMap(type => {
    const onAws = schemas.get(type.type)!.attributes
    const missing = onAws.filter(name => type.attributes && !hasAttribute(type, name))
    const stray = (type.attributes ?? []).filter(name => !onAws.includes(name))
    return [
      ...(type.attributes ? [] : [`${type.type} does not say`]),
      ...missing.map(name => `${type.type}.${name} is missing`),
      ...stray.map(name => `${type.type}.${name} is not on AWS`),
    ]
  })

  expect(differ).toEqual([])
})

test('a property that names its resource replaces it', () => {
  const named = cloud.stacks.types.filter(type => type.nameProperty !== undefined)

  expect(named.length).toBeGreaterThan(10)
  for (const type of named) expect(type.properties[type.nameProperty!], type.type).toBe('replace')
})
