import { Unmet } from './unmet.ts'

/** A handshake that should have been answered with 101, and was refused. */
export class Refused extends Unmet {
  /** The HTTP status of the refusal. */
  readonly status: number

  constructor(name: string, status: number) {
    super({
      expected: `${name}'s handshake to be answered with 101`,
      observed: `it was refused with ${status}`,
    })
    this.status = status
  }
}
