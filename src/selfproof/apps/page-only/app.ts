import { App, Stack } from 'aws-cdk-lib'
import { Key } from 'aws-cdk-lib/aws-kms'

/** A stack of which nothing can be run without KMS. */
const page = new Stack(new App(), 'Page')
new Key(page, 'Seal')
