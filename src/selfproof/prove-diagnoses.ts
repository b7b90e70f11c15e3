import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Finding, Lab } from '#kit'
import { startGuardian } from '../cloud/guardian.ts'
import { baseOf } from '../fixes/lay-out.ts'
import { writeTree } from '../fixes/tree.ts'
import { check } from '../run/check.ts'
import { sharedAssembler } from '../run/shared-assembler.ts'
import type { Choice } from '../run/source.ts'
import { workspace } from '../run/workspace.ts'
import { localTarget } from '../targets/local.ts'

/** A mistake in a lab's solution, and what the check must say of it. */
export interface Mistake {
  readonly title: string
  /** What is replaced in a file of the solution, and by what. */
  readonly in: Readonly<Record<string, readonly (readonly [string, string])[]>>
  /** The promise that it breaks first. */
  readonly at: string
  readonly means: RegExp
  /** The code on the line, of `stack.ts` or a file beside it, to which `where` points; not asked unless given. */
  readonly where?: string
}

/** Holds, as tests, what the lab's check says of each mistake: the promise, what it means, and the line to look at. */
export function proveDiagnoses(lab: Lab, mistakes: readonly Mistake[]): void {
  const guardian = startGuardian()
  const shelf = workspace(guardian, `${lab.id}-diagnoses`)
  const choiceOf = (at: number) => ({
    kind: 'from' as const,
    directory: join(shelf, String(at)),
    given: mistakes[at]!.title,
  })
  const assembler = sharedAssembler(
    lab,
    mistakes.map((_, at) => choiceOf(at)),
    guardian,
  )
  afterAll(async () => {
    assembler.stop()
    await guardian.stop()
  })

  test.each(mistakes.map((mistake, at) => [mistake.title, mistake, choiceOf(at)] as const))(
    'the check says what it means, and where: %s',
    async (_, mistake, choice) => {
      const tree = new Map(await baseOf(lab, 'solution'))
      for (const [file, replacements] of Object.entries(mistake.in)) {
        for (const [was, is] of replacements) {
          expect(tree.get(file), `${file} has it`).toContain(was)
          const text = tree.get(file)!.replace(was, () => is)
          tree.set(file, text)
        }
      }
      writeTree(tree, choice.directory)

      const { id, means, where, observed } = await firstBroken(choice)
      expect({ id, means }, observed).toEqual({ id: mistake.at, means: expect.stringMatching(mistake.means) })
      if (mistake.where === undefined) return
      const [, file, line] = /([^/\\]+\.ts):(\d+)$/.exec(where ?? '') ?? []
      expect(tree.get(file ?? '')?.split('\n')[Number(line) - 1], where).toContain(mistake.where)
    },
  )

  async function firstBroken(choice: Choice): Promise<Partial<Finding>> {
    const target = await localTarget(guardian)
    const course = check(lab, choice, target, guardian, assembler)
    try {
      for (;;) {
        const { done, value } = await course.next()
        if (done) return {}
        if (value.verdict === 'pass' || value.verdict === 'skipped') continue
        await course.return(undefined as never)
        return value
      }
    } finally {
      await target.stop()
    }
  }
}
