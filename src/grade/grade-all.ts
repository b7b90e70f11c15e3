import { type Grading, gradeOne } from './grade-one.ts'
import type { Graded } from './graded.ts'
import type { Found } from './hand-ins.ts'

/** Grades hand-ins, `jobs` at a time. They come in the order of the list, each as soon as those before it have come. */
export async function* gradeAll(
  found: readonly Found[],
  jobs: number,
  grading: Grading,
  begins: (one: Found) => void = () => {},
): AsyncGenerator<Graded> {
  const under = new Map<number, Promise<Graded>>()
  let next = 0
  let running = 0
  const fill = () => {
    while (running < jobs && next < found.length && !grading.isOver()) {
      const one = found[next]!
      running += 1
      begins(one)
      const graded = gradeOne(one, grading).finally(() => {
        running -= 1
        fill()
      })
      under.set(next, graded)
      next += 1
    }
  }
  fill()
  for (let index = 0; index < found.length; index++) {
    // Those before it have come, so it has begun, unless somebody has asked to stop.
    const graded = under.get(index)
    if (!graded) return
    yield await graded
    under.delete(index)
  }
}
