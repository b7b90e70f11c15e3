// A table: every fix of lab 1 by which its check is checked.
import type { Fixes } from '../fix.ts'

export const fixes: Fixes = {
  wrong: {
    'does-not-compile': {
      refusedAt: 'compiles',
      because: 'addRoute takes options, and is given the integration itself.',
    },
    'added-twice': {
      refusedAt: 'synthesizes',
      because: 'Two constructs of one scope cannot have the same id.',
    },
    'taken-twice': {
      refusedAt: 'deploys',
      because: 'Two constructs ask for the same route key, and an API has each only once.',
    },
    'nothing-deployed': {
      refusedAt: 'door-opens',
      because: 'The routes are there, but the stage no longer serves a deployment.',
    },
    'whoami-instead-of-message': {
      refusedAt: 'message-comes-back',
      because: 'One feature is there at the expense of another.',
    },
    'always-the-same-text': {
      refusedAt: 'message-comes-back',
      because: 'It answers, but does not say back what was said.',
    },
    'only-default': {
      refusedAt: 'whoami-is-true',
      because: 'whoami no longer ends in Forbidden, but in the answer to unknown actions.',
    },
    'spelt-otherwise': {
      refusedAt: 'whoami-is-true',
      because: 'Route keys are matched to the letter, capitals included.',
    },
    'request-id': {
      refusedAt: 'whoami-is-true',
      because: 'An id of the same form, but of the request, not of the connection.',
    },
    'first-caller-for-all': {
      refusedAt: 'whoami-is-true',
      because: 'Everybody is told the id of the first who asked: it works for one client only.',
    },
    'gateway-may-not-call': {
      refusedAt: 'whoami-is-true',
      because: 'The routes lead to the function, but API Gateway is not permitted to call it for them.',
    },
    'only-whoami': {
      refusedAt: 'anything-else-is-answered',
      because: 'One of two routes is still missing.',
    },
    'default-returns-its-answer': {
      refusedAt: 'anything-else-is-answered',
      because: 'What a function returns reaches nobody unless the route has a response.',
    },
    'default-reads-json': {
      refusedAt: 'anything-else-is-answered',
      because: 'What ends in $default may not be JSON, and then the function fails.',
    },
    'default-ignores': {
      refusedAt: 'anything-else-is-answered',
      because: 'What is not JSON is caught and ignored: no error any more, and no answer either.',
    },
    'answers-once': {
      refusedAt: 'anything-else-is-answered',
      because: 'Only the first one to ask is told.',
    },
    'answers-and-fails': {
      refusedAt: 'anything-else-is-answered',
      because: 'The answer comes, and after it an Internal server error, every time.',
    },
    'default-hangs-up': {
      refusedAt: 'connection-survives',
      because: 'The answer comes, and then the connection is closed.',
    },
    'nobody-notes-who-left': {
      refusedAt: 'comings-and-goings-are-noted',
      because: 'While the routes were sorted, $disconnect was lost.',
    },
  },
  right: {
    'l1-constructs': 'The two routes as L1 constructs, with the permission that goes with them.',
    'function-per-route': 'Several functions in several files instead of one that tells routes apart.',
    'return-response': 'Two-way routes: the answer is returned instead of posted.',
    'default-dispatches': 'A single route, $default, and a function that reads the action itself.',
    'mock-default':
      'The default answer from a MOCK integration: no function is needed to say always the same.',
    'explicit-deployment':
      'A stage of another name that serves an explicit deployment instead of deploying itself.',
    'inline-code': 'A function written in the stack, in JavaScript.',
    'other-names': 'Another class, other construct ids, other files, another stage.',
    'more-in-the-answers': 'Answers with further members, and help in prose that names the actions.',
    'extra-frames': 'Other messages before and after the answers.',
    'slow-start': 'New instances that take more than a second to start.',
  },
}
