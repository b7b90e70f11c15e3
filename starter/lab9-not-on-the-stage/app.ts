import { App } from 'aws-cdk-lib'
import { WordsStack } from './stack.ts'

new WordsStack(new App(), 'Lab9Words')
