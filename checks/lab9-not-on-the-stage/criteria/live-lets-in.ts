import { letsIn } from '../lets-in.ts'

export const liveLetsIn = letsIn('live')
