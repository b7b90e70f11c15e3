import { App } from 'aws-cdk-lib'
import { BareStack } from './bare.ts'
import { LobbyStack } from './lobby.ts'
import { WordsStack } from './words.ts'

const app = new App()
const { api } = new LobbyStack(app, 'Lobby')
new WordsStack(app, 'Words', { api })
new BareStack(app, 'Bare')
