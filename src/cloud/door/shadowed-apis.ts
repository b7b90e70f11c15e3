import type { Reception } from './listen.ts'

/**
 * What an interface endpoint for execute-api says of every public API, once its private DNS has taken all their names (facts: E20). All WebSocket APIs
 * are public.
 */
export const shadowedApis: Reception = {
  request(request, response) {
    request.resume()
    response.writeHead(403, {
      'content-type': 'application/json',
      'x-amzn-errortype': 'ForbiddenException',
    })
    response.end(BODY)
  },
  upgrade(_, socket) {
    socket.end(
      `HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\nx-amzn-errortype: ForbiddenException\r\ncontent-length: ${BODY.length}\r\nconnection: close\r\n\r\n${BODY}`,
    )
  },
}

const BODY = '{"message":"Forbidden"}'
