/**
 * Whether API Gateway itself made this message because ours came to nothing: `{"message": "Forbidden", …}` (facts: B8).
 * It is an ordinary text frame, so a client hears it like any other (facts: B9).
 */
export function isGatewayError(message: any): boolean {
  return (
    typeof message === 'object' &&
    message !== null &&
    Object.keys(message).join() === 'message,connectionId,requestId'
  )
}
