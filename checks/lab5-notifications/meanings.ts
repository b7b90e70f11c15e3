import type { Diagnosis } from '#kit'

/** What several promises of this lab say of the same trouble. */

/** Where the functions of prod are made, as long as they have the starter's names. */
const made = (name: string) => ({
  resource: 'AWS::Lambda::Function',
  named: new RegExp(`^(?!.*Dev).*${name}`, 'i'),
})
export const whereItPublishes = made('publish')
export const whereItRegisters = made('register')
export const whereItForgets = made('forget')

/** A function was not allowed to do its work, and says so. */
export const notAllowed: Diagnosis = {
  when: /not authorized to perform: (\S+) on resource: (\S+)/,
  means: 'A function asked for $1, and its role does not allow that.',
  hint: 'docs/permissions.md#reading-a-refusal',
  where: 'the-function-that-said-it',
}

/** More than once, or more than one was to hear. */
export const heardTwice: Diagnosis = {
  when: /^[\w ,]+ heard \{.*"status":/,
  means:
    'Somebody was told what they had heard before. A page that has heard what it waited for no longer waits.',
  where: whereItPublishes,
}

/** A client that came after the message hears it. */
export const heardLate: Diagnosis = {
  when: /^\w+, who came later, heard \{/,
  means:
    'A client that came later was told of what was done before. A registration waits for what comes next.',
  where: whereItRegisters,
}

/** A connection is closed by the stack. */
export const thrownOff: Diagnosis = {
  when: /^silence; the connection was closed|connection to stay open|^it was closed with/,
  means:
    'The connection was closed while the client waited. The client did not close it: something in the stack did.',
}

/** Registered, acknowledged, and not found. */
export const lost: Diagnosis = {
  when: /^it was told \{"delivered":0\}/,
  means:
    'The service said "registered", and then found nobody who waits for this merchant and this ref. The registration is lost, or it is stored under something else than what the publisher looks for.',
  where: whereItPublishes,
}

/** More than are there. */
export const miscounted: Diagnosis = {
  when: /^it was told \{"delivered":(\d+)/,
  means: 'The backend was told $1, which is not the number of those who heard it.',
  where: whereItPublishes,
}

/** The text of a message, or of a name, came back changed. */
export const changed: Diagnosis = {
  when: /the text that was sent is among it, but (it came back .+)/,
  means: 'What was sent arrived, but changed: $1.',
}

/** An envelope with other members than the backend's. */
export const otherEnvelope: Diagnosis = {
  when: /^\{.*"status":/,
  means: "Something came, but not the backend's envelope with all its members.",
  where: whereItPublishes,
}
