import { App } from 'aws-cdk-lib'
import { NotificationsStack } from './stack.ts'

new NotificationsStack(new App(), 'Lab5Notifications')
