import { Compile } from 'velocityjs'
import { AwsError } from '../../error.ts'

/** API Gateway's quota on the turns of one `#foreach` in a mapping template. */
const MOST_TURNS = 1_000
/** How many parts of a template are rendered in all: loops in loops must not hold up everybody else. Ours, and not AWS's. */
const MOST_PARTS = 1_000_000

/** As much as is overridden of a class whose types show only what it is made with. */
const Velocity = Compile as unknown as new (
  ...given: ConstructorParameters<typeof Compile>
) => {
  render(context: object): string
  getArray(literal: { readonly isRange?: boolean; readonly value: readonly unknown[] }): readonly unknown[]
  getReferences(reference: unknown): unknown
  renderAstList(parts: unknown, contextId?: string): string
}

/** A template that comes to an end. Throws `AwsError`: too many turns of a loop, or too much to render. */
export class BoundedTemplate extends Velocity {
  private parts = 0

  override getArray(literal: { readonly isRange?: boolean; readonly value: readonly unknown[] }) {
    if (literal.isRange) {
      const [from = 0, to = 0] = literal.value.map(end =>
        Number(typeof end === 'object' ? this.getReferences(end) : end),
      )
      // The list itself would fill the memory before anybody looped over it.
      if (Math.abs(to - from) >= MOST_TURNS) throw tooMuch(`a loop of more than ${MOST_TURNS} turns`)
    }
    return super.getArray(literal)
  }

  override renderAstList(parts: unknown, contextId?: string) {
    if (++this.parts > MOST_PARTS) throw tooMuch('too much to render')
    return super.renderAstList(parts, contextId)
  }
}

const tooMuch = (what: string) =>
  new AwsError('InternalServerError', `Unable to transform request: the mapping template has ${what}`, 500)
