import { App } from 'aws-cdk-lib'
import { NewsroomStack } from './stack.ts'

new NewsroomStack(new App(), 'Lab7Newsroom')
