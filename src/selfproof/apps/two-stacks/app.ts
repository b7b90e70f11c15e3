import { App } from 'aws-cdk-lib'
import { ChatStack } from './chat.ts'
import { RoomsStack } from './rooms.ts'

const app = new App()
const { table } = new RoomsStack(app, 'Rooms')
new ChatStack(app, 'Chat', { table })
