import { App } from 'aws-cdk-lib'
import { OrdersStack } from './stack.ts'

new OrdersStack(new App(), 'Lab8TheWayBack')
