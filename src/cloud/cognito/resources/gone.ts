import { AwsError } from '../../error.ts'

/** Takes something away that somebody may have taken away by hand. */
export function gone(remove: () => void): void {
  try {
    remove()
  } catch (error) {
    // Then there is nothing left to do. Nobody is at fault.
    const isGone =
      error instanceof AwsError &&
      (error.code === 'ResourceNotFoundException' || error.code === 'UserNotFoundException')
    if (!isGone) throw error
  }
}
