import { answers } from '../answers.ts'

export const liveAnswers = answers('live')
