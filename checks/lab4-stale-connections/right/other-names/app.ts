import { App } from 'aws-cdk-lib'
import { Tavern } from './stack.ts'

new Tavern(new App(), 'Tavern')
