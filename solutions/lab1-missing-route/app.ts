import { App } from 'aws-cdk-lib'
import { AnswerStack } from './stack.ts'

new AnswerStack(new App(), 'Lab1Answer')
