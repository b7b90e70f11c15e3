import { App } from 'aws-cdk-lib'
import { ChatRoomStack } from './stack.ts'

new ChatRoomStack(new App(), 'Lab4ChatRoom')
