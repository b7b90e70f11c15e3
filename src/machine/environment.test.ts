import { expect, test } from 'vitest'
import { HOME, listedEnvironment } from './environment.ts'

const rich = {
  PATH: '/bin',
  HOME: '/home/ana',
  AWS_PROFILE: 'work',
  AWS_SECRET_ACCESS_KEY: 'secret',
  GITHUB_TOKEN: 'secret',
  MY_PASSPHRASE: 'secret',
  NODE_OPTIONS: '--inspect --max-old-space-size=512 --require /home/ana/x.cjs',
}

test('a listed environment has no variable that the list does not name', () => {
  expect(listedEnvironment([], rich)).toEqual({ PATH: '/bin', NODE_OPTIONS: '--max-old-space-size=512' })
})

test('it has a home, and all of NODE_OPTIONS, only where they are asked for', () => {
  expect(listedEnvironment([...HOME, 'NODE_OPTIONS'], rich)).toEqual({
    PATH: '/bin',
    HOME: '/home/ana',
    NODE_OPTIONS: rich.NODE_OPTIONS,
  })
})
