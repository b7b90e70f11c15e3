import { App } from 'aws-cdk-lib'
import { Club } from './stack.ts'

new Club(new App(), 'Club')
