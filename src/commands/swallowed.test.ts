import { expect, test } from 'vitest'
import { asMeant } from './swallowed.ts'
import { type Command, WrongUsage } from './usage.ts'

const command: Command = {
  synopsis: '<lab>',
  about: '',
  mostWords: 1,
  options: {
    solution: { type: 'boolean' },
    watch: { type: 'boolean' },
    json: { type: 'boolean' },
    from: { type: 'string' },
    stack: { type: 'string', multiple: true },
    yes: { type: 'boolean' },
    all: { type: 'boolean' },
  },
  run: async () => 0,
}
/** The variables that npm sets, and those that the command line adds to them. */
const npm = (more: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  npm_lifecycle_event: 'check',
  npm_config_yes: '',
  npm_config_audit: '',
  npm_config_loglevel: 'silent',
  npm_config_prefix: '/usr',
  npm_config_which: '2',
  npm_config_user_agent: 'npm/11.4.0 node/v20.19.0 linux x64',
  ...more,
})
const meant = (args: string[], more: NodeJS.ProcessEnv) => asMeant('check', command, args, npm(more))

test('without options of ours nothing is added', () => {
  expect(meant(['lab1'], {})).toEqual(['lab1'])
})

test('what can only mean one thing is honoured', () => {
  expect(meant(['lab1'], { npm_config_solution: 'true', npm_config_json: 'true' })).toEqual([
    'lab1',
    '--solution',
    '--json',
  ])
  expect(meant(['lab1'], { npm_config_from: '../ana', npm_config_stack: 'a\n\nb' })).toEqual([
    'lab1',
    '--from=../ana',
    '--stack=a',
    '--stack=b',
  ])
})

test('an option that lost its value is refused with a line that works', () => {
  expect(() => meant(['lab1', 'hand-ins/7'], { npm_config_from: 'true', npm_config_json: 'true' })).toThrow(
    /--from[\s\S]*npx wslab check lab1 --from hand-ins\/7 --json$/,
  )
  expect(() => meant(['lab1'], { npm_config_from: 'true' })).toThrow(WrongUsage)
})

test('a slip in an option is refused with the option that was meant', () => {
  expect(() => meant(['lab1'], { npm_config_solutoin: 'true' })).toThrow(
    /--solutoin is no option of check\. Did you mean --solution\?/,
  )
})

test('consent is never taken from npm, where it may stand in a file', () => {
  expect(meant(['lab1'], { npm_config_yes: 'true', npm_config_all: 'true' })).toEqual(['lab1'])
  expect(() => meant([], { npm_config_all: 'true' })).toThrow(/npx wslab check --all$/)
})

test('another script of npm is not listened to', () => {
  expect(
    asMeant('check', command, ['lab1'], { npm_lifecycle_event: 'test', npm_config_json: 'true' }),
  ).toEqual(['lab1'])
})
