import { App } from 'aws-cdk-lib'
import { EngraverStack } from './stack.ts'

new EngraverStack(new App(), 'Lab10Engraver')
