/** A seed or a state folder with something wrong in it. The message says where, and what. */
export class StateProblem extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StateProblem'
  }
}
