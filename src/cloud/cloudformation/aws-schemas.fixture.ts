// For tests alone: what AWS's own schemas of resource types say, as the CDK CLI brings them along.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** What an update of one property does: `maybe` hangs on how it changes. */
export type Replacement = 'yes' | 'no' | 'maybe'

/** What a schema says of one resource type. */
export interface AwsSchema {
  readonly properties: Readonly<Record<string, Replacement>>
  /** What `Fn::GetAtt` may ask for. */
  readonly attributes: readonly string[]
}

/** Every resource type that CloudFormation has. */
export function awsSchemas(): ReadonlyMap<string, AwsSchema> {
  const cli = dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json'))
  const text = gunzipSync(readFileSync(join(cli, 'db.json.gz'))).toString('utf8')
  const { entities } = JSON.parse(text).schema.resource as { entities: Record<string, AwsType> }
  return new Map(
    Object.values(entities).map(({ cloudFormationType, properties, attributes }) => [
      cloudFormationType,
      {
        properties: Object.fromEntries(
          Object.entries(properties).map(([name, { causesReplacement = 'no' }]) => [name, causesReplacement]),
        ),
        attributes: Object.keys(attributes),
      },
    ]),
  )
}

interface AwsType {
  readonly cloudFormationType: string
  readonly properties: Readonly<Record<string, { readonly causesReplacement?: Replacement }>>
  readonly attributes: Readonly<Record<string, unknown>>
}
