import { type Attack, often } from '../attack.ts'
import { dial, handshake } from '../by-hand.ts'

/** Handshakes whose form is wrong, and requests that two readers would read differently. None of them comes in. */
export const badHandshakes: Attack = {
  name: 'bad handshakes and smuggling',
  sizes: { reduced: 100, full: 5000 },
  right: ['HTTP 400', 'HTTP 403', 'hung up'],
  run({ quiet, door }, size) {
    const good = handshake(quiet)
    const post = (headers: string, body: string) =>
      `POST /live HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n${body}`
    const requests = [
      good.replace('Version: 13', 'Version: 7'),
      good.replace('Version: 13', 'Version: 1e999'),
      good.replace(/Sec-WebSocket-Key.*\r\n/, ''),
      good.replace(/Key: .*/, 'Key: short'),
      good.replace('GET', 'POST'),
      good.replace('HTTP/1.1', 'HTTP/1.0'),
      good.replace('HTTP/1.1', 'HTTP/9.9'),
      good.replace(/Host.*\r\n/, ''),
      good.replace(/Host.*\r\n/, 'Host: a\r\nHost: b\r\n').replace('/live', '/nowhere'),
      good.replace('Upgrade: websocket', 'Upgrade: h2c'),
      good.replace('/live', '/%zz%00/..'),
      good.replace('GET /live', 'GET http://elsewhere/live'),
      good.replace('GET /live', 'CONNECT elsewhere:443'),
      good.replace('Host', 'Host '),
      good.replace('\r\n\r\n', '\r\n folded: x\r\n\r\n').replace('/live', '/nowhere'),
      post('Content-Length: 5\r\nTransfer-Encoding: chunked', '0\r\n\r\nGET / HTTP/1.1\r\n\r\n'),
      post('Content-Length: 5\r\nContent-Length: 6', 'hello'),
      post('Transfer-Encoding: chunked, identity', '0\r\n\r\n'),
      post('Transfer-Encoding: xchunked', '0\r\n\r\n'),
      post('Transfer-Encoding: chunked', 'zz\r\n\r\n'),
      post('Content-Length: -1', ''),
      post('Content-Length: 1e3', ''),
    ]
    return often(size, 20, n => dial(n % 2 ? quiet : door, requests[n % requests.length]!).outcome())
  },
}
