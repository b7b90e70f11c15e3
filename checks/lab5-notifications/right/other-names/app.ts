import { App } from 'aws-cdk-lib'
import { CourierStack } from './stack.ts'

new CourierStack(new App(), 'Lab5Notifications')
