import { App } from 'aws-cdk-lib'
import { SubscriptionsStack } from './stack.ts'

new SubscriptionsStack(new App(), 'Lab6Subscriptions')
