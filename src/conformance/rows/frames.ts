import { assert } from '../assert.ts'

/** Holds if a frame is one that API Gateway makes itself, byte for byte (facts: B8). */
export function assertErrorFrame(frame: string, message: string): void {
  const text = message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const id = '"[\\w-]+={1,2}"'
  assert.match(frame, new RegExp(`^\\{"message": "${text}", "connectionId":${id}, "requestId":${id}\\}$`))
}
