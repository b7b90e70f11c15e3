import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Code, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda'
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3'
import { StringParameter } from 'aws-cdk-lib/aws-ssm'
import type { Construct } from 'constructs'

const manners = fileURLToPath(new URL('./manners', import.meta.url))

/** A layer brings packages where Node looks for them. */
function asPackage(outputDirectory: string): boolean {
  cpSync(manners, join(outputDirectory, 'nodejs', 'node_modules', 'manners'), { recursive: true })
  return true
}

/** What outlives a change of the chat: what was said, how to say it, and the page. */
export class StorageStack extends Stack {
  readonly sayings: Table
  readonly manners: LayerVersion
  readonly page: Bucket

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.sayings = new Table(this, 'Sayings', {
      partitionKey: { name: 'connectionId', type: AttributeType.STRING },
      removalPolicy: RemovalPolicy.DESTROY,
    })
    this.manners = new LayerVersion(this, 'Manners', {
      code: Code.fromAsset(manners, {
        bundling: { image: Runtime.NODEJS_22_X.bundlingImage, local: { tryBundle: asPackage } },
      }),
    })
    this.page = new Bucket(this, 'Page', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      autoDeleteObjects: true,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    new StringParameter(this, 'Word', {
      parameterName: '/town/word',
      stringValue: this.node.tryGetContext('word') ?? 'Good evening',
    })
    new CfnOutput(this, 'PageBucket', { value: this.page.bucketName })
  }
}
