import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Stack } from 'aws-cdk-lib'

/** Where the notes are, inside the cloud assembly. The CDK's CLI ignores the file. */
export const NOTES = 'wslab-statements.json'

/** One policy statement as the stack's code wrote it, before CDK merged it with others. */
export interface StatementNote {
  /** The resource whose policy it went into, where that is known. */
  readonly logicalId?: string
  /** As in a template. */
  readonly statement: Record<string, unknown>
  /** Where it was added to the policy, and where it was made: of the stack traces what is of the stack's own folder. */
  readonly added: string
  readonly made?: string
}

interface Noted {
  readonly document: object
  readonly statement: { toJSON(): unknown }
  readonly added: Error
}

/** CDK's own frames stand between a grant and the learner's line that called it. */
const FRAMES = 60

/**
 * Has CDK's policies note which line added each statement. Answers with what writes the notes of a synthesized stack.
 * Nothing in the template changes. A release of CDK that is built differently yields no notes, and no error.
 */
export function noteStatements(): (stack: Stack, outdir: string, source: string) => void {
  const noted: Noted[] = []
  const made = new WeakMap<object, Error>()
  try {
    const { PolicyDocument, PolicyStatement } = require('aws-cdk-lib/aws-iam')
    wrap(PolicyStatement.prototype, 'addActions', statement => {
      if (!made.has(statement)) made.set(statement, stackHere())
    })
    wrap(PolicyDocument.prototype, 'addStatements', (document, statements) => {
      const added = stackHere()
      for (const statement of statements) noted.push({ document, statement, added })
    })
  } catch {
    return () => {}
  }

  return (stack, outdir, source) => {
    const inside = (error: Error | undefined) =>
      (error?.stack ?? '')
        .split('\n')
        .filter(line => line.includes(source))
        .join('\n')
    try {
      const owners = ownersOf(stack)
      const notes = noted.splice(0).map(({ document, statement, added }): StatementNote => {
        const logicalId = owners.get(document)
        const trace = inside(made.get(statement))
        return {
          ...(logicalId ? { logicalId } : {}),
          statement: stack.resolve(statement.toJSON()),
          added: inside(added),
          ...(trace ? { made: trace } : {}),
        }
      })
      writeFileSync(join(outdir, NOTES), JSON.stringify(notes))
    } catch {
      // The notes only make a finding more precise. The stack itself has been synthesized.
    }
  }
}

/** Runs `before` ahead of a method. */
function wrap(prototype: any, method: string, before: (self: any, given: any[]) => void): void {
  const original = prototype[method]
  if (typeof original !== 'function') return
  prototype[method] = function (this: unknown, ...given: unknown[]) {
    before(this, given)
    return original.apply(this, given)
  }
}

function stackHere(): Error {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = FRAMES
  try {
    return new Error()
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** Which resource each policy document belongs to: a resource holds its documents as properties, or one level deeper. */
function ownersOf(stack: Stack): Map<unknown, string> {
  const owners = new Map<unknown, string>()
  for (const construct of stack.node.findAll() as any[]) {
    if (typeof construct.cfnResourceType !== 'string') continue
    const logicalId = stack.resolve(construct.logicalId)
    for (const value of Object.values(construct)) {
      owners.set(value, logicalId)
      if (typeof value === 'object' && value !== null) {
        for (const inner of Object.values(value)) {
          if (typeof inner === 'object' && inner !== null && !owners.has(inner)) owners.set(inner, logicalId)
        }
      }
    }
  }
  return owners
}
