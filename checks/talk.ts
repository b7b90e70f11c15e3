import { awkward, type Client, type Diagnosis, howItCame } from '#kit'
import { isGatewayError } from './gateway-error.ts'

/** Something that nobody has said before, and that only a faithful copy survives. Short ones fit into a report. */
export const something = ({ short = true } = {}): string => awkward({ actions: ['sendMessage'], short })

/** Everything that was said in a scene, and who should have heard it. */
export interface Talk {
  /** One client says something, and all of these hear it. Throws `Unmet`. */
  says(speaker: Client, everybody: readonly Client[], text?: string): Promise<void>
  /**
   * Holds if none of these heard anything twice, in whatever shape, nor an error besides. Somebody who came when something had just
   * been said may hear that, once: a list that is read in pages is read to its end while clients come. All are asked at the
   * same time, so that they share one proof. Throws `Unmet`.
   */
  wasHeardOnce(everybody: readonly Client[]): Promise<void>
  /** The same, where nothing else may come either, in whatever words. Throws `Unmet`. */
  wasAllThatCame(everybody: readonly Client[]): Promise<void>
}

/** Starts a talk in which nothing has been said. `within` is how long a round may take, in milliseconds; by itself the patience. */
export function talk({ within }: { readonly within?: number } = {}): Talk {
  const said: { readonly text: string; readonly everybody: readonly Client[] }[] = []
  const limit = within === undefined ? {} : { within }
  // A message that is more than a copy of what was said is welcome.
  const isCopy = (message: any, text: string) =>
    message?.text === text || howItCame([message?.text], text) !== undefined
  const repeats = (client: Client) => {
    const first = said.findIndex(({ everybody }) => everybody.includes(client))
    const justBefore = said.at(first === -1 ? -1 : first - 1)
    const late = first === 0 ? undefined : justBefore?.text
    return (message: any) =>
      said.some(({ text }) => isCopy(message, text)) &&
      !(message?.text === late && copiesOf(late!, client) === 1)
  }

  return {
    async says(speaker, everybody, text = something()) {
      said.push({ text, everybody })
      speaker.send({ action: 'sendMessage', text })
      await Promise.all(everybody.map(client => client.hears({ text }, limit)))
    },
    async wasHeardOnce(everybody) {
      await Promise.all(
        everybody.flatMap(client => [
          client.hearsNothing(isGatewayError, { as: 'an error besides what was said', ...limit }),
          client.hearsNothing(repeats(client), { as: 'the same once more', ...limit }),
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

/** How many faithful copies of a text a client has, and was not asked about. */
const copiesOf = (text: string, client: Client): number =>
  client.unheard.filter(letter => textIn(letter) === text).length

function textIn(letter: string): unknown {
  try {
    return JSON.parse(letter)?.text
  } catch {
    return undefined
  }
}

/** More than was said. */
export const heardTwice: Diagnosis = {
  when: / heard \{.*"text":/,
  means: 'What was said once was heard more than once.',
}
