import { App } from 'aws-cdk-lib'
import { ParrotStack } from './stack.ts'

new ParrotStack(new App(), 'Lab0Parrot')
