import { awkward, type Client, type Diagnosis, howItCame } from '#kit'
import { isGatewayError } from './gateway-error.ts'

/** Something that nobody has said before, and that only a faithful copy survives. Short ones fit into a report. */
export const something = ({ short = true } = {}): string => awkward({ actions: ['sendMessage'], short })

/** Everything that was said in a scene, and who should have heard it. */
export interface Talk {
  /** One client says something, and all of these hear it. Throws `Unmet`. */
  says(speaker: Client, everybody: readonly Client[], text?: string): Promise<void>
  /**
   * Holds if none of these heard anything twice, in whatever shape, nor an error besides. All are asked at the same time, so
   * that they share one proof. Throws `Unmet`. Ask before somebody new comes, too: a list that is read in pages may still be read,
   * and a newcomer would rightly hear what was said before.
   */
  wasHeardOnce(everybody: readonly Client[]): Promise<void>
  /** The same, where nothing else may come either, in whatever words. Throws `Unmet`. */
  wasAllThatCame(everybody: readonly Client[]): Promise<void>
}

/** Starts a talk in which nothing has been said. `within` is how long a round may take, in milliseconds; by itself the patience. */
export function talk({ within }: { readonly within?: number } = {}): Talk {
  const said: string[] = []
  const limit = within === undefined ? {} : { within }
  // A message that is more than a copy of what was said is welcome.
  const repeats = (message: any) =>
    said.some(text => message?.text === text || howItCame([message?.text], text) !== undefined)

  return {
    async says(speaker, everybody, text = something()) {
      said.push(text)
      speaker.send({ action: 'sendMessage', text })
      await Promise.all(everybody.map(client => client.hears({ text }, limit)))
    },
    async wasHeardOnce(everybody) {
      await Promise.all(
        everybody.flatMap(client => [
          client.hearsNothing(isGatewayError, { as: 'an error besides what was said', ...limit }),
          client.hearsNothing(repeats, { as: 'the same once more', ...limit }),
        ]),
      )
    },
    async wasAllThatCame(everybody) {
      await Promise.all(
        everybody.map(client =>
          client.hearsNothing(() => true, { as: 'anything besides what was said', ...limit }),
        ),
      )
    },
  }
}

/** More than was said. */
export const heardTwice: Diagnosis = {
  when: / heard \{.*"text":/,
  means: 'What was said once was heard more than once.',
}
