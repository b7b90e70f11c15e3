import { App } from 'aws-cdk-lib'
import { ChatStack } from './stack.ts'

new ChatStack(new App(), 'Chat')
