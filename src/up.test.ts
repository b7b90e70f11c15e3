import { once } from 'node:events'
import net from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { alive, descendants, eventually } from './selfproof/processes.ts'
import { answers, reached } from './selfproof/reached.ts'
import { type SecondHouse, secondHouse } from './selfproof/second-house.ts'
import { wscat } from './selfproof/wscat.ts'

let house: SecondHouse
beforeAll(() => {
  house = secondHouse()
})
afterAll(() => house.remove())

test('wscat talks to what is up, its socket and frames are shown, and Ctrl-C takes it all down', async () => {
  const up = house.start('up', 'lab1', '--solution')
  const { url } = await reached(up)
  expect(url).toMatch(/^ws:\/\/localhost:\d+\/\w+$/)
  expect(await wscat(url, '{"action":"message","text":"from wscat"}', /from wscat/)).toContain('from wscat')
  await up.says(/client 1 → message: \{"action":"message","text":"from wscat"\}/)

  const children = descendants(up.pid)
  up.kill('SIGINT')
  expect((await up.ended).code).toBe(0)
  await eventually(() => children.every(pid => !alive(pid)))
  expect(children.filter(alive)).toEqual([])
  expect(await answers(url)).toBe(false)
})

test('a port that is taken is said at once: exit code 2, and how to go on', async () => {
  const squatter = net.createServer().listen(0, '127.0.0.1')
  await once(squatter, 'listening')
  const { port } = squatter.address() as net.AddressInfo
  const { code, stderr } = await house.run('up', 'lab1', '--port', String(port))
  squatter.close()
  expect(stderr).toContain(`127.0.0.1:${port}`)
  expect(stderr).toContain('--port')
  expect(code).toBe(2)
})
