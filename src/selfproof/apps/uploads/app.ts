import { App } from 'aws-cdk-lib'
import { UploadsStack } from './stack.ts'

new UploadsStack(new App(), 'Uploads')
