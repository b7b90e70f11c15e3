import { App } from 'aws-cdk-lib'
import { Switchboard } from './stack.ts'

new Switchboard(new App(), 'Switchboard')
