import { App } from 'aws-cdk-lib'
import { GuardedRoomStack } from './stack.ts'

new GuardedRoomStack(new App(), 'Lab3GuardedRoom')
