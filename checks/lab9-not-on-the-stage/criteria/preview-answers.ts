import { answers } from '../answers.ts'

export const previewAnswers = answers('preview')
