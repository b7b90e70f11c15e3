import { App, Stack } from 'aws-cdk-lib'
import { Bucket } from 'aws-cdk-lib/aws-s3'

/** A stack of which nothing can be run without S3. */
const page = new Stack(new App(), 'Page')
new Bucket(page, 'Files')
