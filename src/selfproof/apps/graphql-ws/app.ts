import { App } from 'aws-cdk-lib'
import { GraphqlStack } from './stack.ts'

new GraphqlStack(new App(), 'Graphql')
