import { expect, test } from 'vitest'
import { withSession } from './session.ts'

test('work that fails because it is interrupted ends with the code of the signal, and everything is closed', async () => {
  const closed: string[] = []
  const code = await withSession(
    session =>
      new Promise((_, reject) => {
        session.closes('first', async name => void closed.push(name))
        session.closes('second', async name => {
          closed.push(name)
          reject(new Error('Database is closed'))
          // What closes takes its time: the failure is heard of first.
          await new Promise(setImmediate)
        })
        process.emit('SIGHUP', 'SIGHUP')
      }),
  )
  expect(code).toBe(129)
  expect(closed).toEqual(['second', 'first'])
})

test('work that fails by itself fails, and everything is closed', async () => {
  const closed: string[] = []
  const failing = withSession(async session => {
    session.closes('first', async name => void closed.push(name))
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(closed).toEqual(['first'])
})
