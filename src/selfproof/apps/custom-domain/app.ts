import { App } from 'aws-cdk-lib'
import { NamedStack } from './stack.ts'

const app = new App()
// `-c closed=true` disables the API's own host.
new NamedStack(app, 'Named', { closed: app.node.tryGetContext('closed') === 'true' })
