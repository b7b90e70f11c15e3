import { expect, test } from 'vitest'
import { type Session, withSession } from './session.ts'

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

test('what cannot be closed holds nobody up, hides no failure of the work, and is told where the work succeeded', async () => {
  const closed: string[] = []
  const opens = (session: Session) => {
    session.closes('first', async name => void closed.push(name))
    session.closes('second', () => Promise.reject(new Error('never started')))
  }
  const failing = withSession(async session => {
    opens(session)
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  const succeeding = withSession(async session => {
    opens(session)
    return 0
  })
  await expect(succeeding).rejects.toThrow('never started')
  expect(closed).toEqual(['first', 'first'])
})

test('an interrupted command does not wait for what closes slowly, and knows that what it finds says nothing', async () => {
  let asked: Session | undefined
  const code = await withSession(session => {
    asked = session
    session.closes('stuck', () => new Promise(() => {}))
    process.emit('SIGINT', 'SIGINT')
    return new Promise(() => {})
  })
  expect(code).toBe(130)
  expect(asked?.isInterrupted()).toBe(true)
})
