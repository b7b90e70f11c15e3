import { createHash } from 'node:crypto'

/** The name of the stream into which a stage's lines go. API Gateway names its streams by 32 hex digits. */
export const logStream = (apiId: string, stage: string) =>
  createHash('md5').update(`${apiId}/${stage}`).digest('hex')
