import { letsIn } from '../lets-in.ts'

export const previewLetsIn = letsIn('preview')
