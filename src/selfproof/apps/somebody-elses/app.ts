import { App } from 'aws-cdk-lib'
import { ChatStack } from './chat.ts'
import { StorageStack } from './storage.ts'

const app = new App()
const storage = new StorageStack(app, 'TownStorage')
// It takes parameters in, and nothing in the templates says so to CDK.
new ChatStack(app, 'TownChat', { storage }).addStackDependency(storage)
