import { App } from 'aws-cdk-lib'
import { ChatStack } from './chat.ts'
import { RoomsStack } from './rooms.ts'

const app = new App()
// `-c region=eu-west-1` puts it into a place of its own; without it the assembly is for any.
const region = app.node.tryGetContext('region')
const place = region ? { env: { account: '111122223333', region } } : {}
const { table } = new RoomsStack(app, 'Rooms', place)
new ChatStack(app, 'Chat', { ...place, table })
