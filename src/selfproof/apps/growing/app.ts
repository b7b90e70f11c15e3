import { App } from 'aws-cdk-lib'
import { GrowingStack } from './stack.ts'

const app = new App()
new GrowingStack(app, 'Growing', { version: app.node.getContext('version') })
