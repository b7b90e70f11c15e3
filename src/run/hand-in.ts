import { lstat, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { BadSource, filesIn } from './folder.ts'
import { folderMeant } from './folder-meant.ts'
import { publishedStarter } from './published-starter.ts'

/** Somebody's changed files. They are laid over the published starter. */
export interface HandIn {
  readonly kind: 'from'
  /** Absolute. */
  readonly directory: string
  /** The folder as it was given: the name by which reports call it. */
  readonly given: string
}

/** Files of every CDK app. The check hardly reads them: a folder that has only these is hardly a fix of the lab. */
const OF_ANY_APP = ['app.ts', 'cdk.json']

/**
 * The files of a hand-in: each path in it (with `/`), and the file to read.
 *
 * @throws BadSource when there is no such folder, when it changes nothing of the lab, or when it holds something
 * that is no file of its own.
 */
export async function filesHandedIn(
  lab: { readonly id: string },
  { directory, given }: HandIn,
): Promise<ReadonlyMap<string, string>> {
  const found = await stat(directory).catch(() => undefined)
  if (!found) throw new BadSource(`There is no folder ${given}.`)
  if (!found.isDirectory())
    throw new BadSource(`${given} is not a folder. Give the folder that holds the changed stack.ts.`)

  const places = [...(await publishedStarter(lab.id)).keys()]
  const telling = tellingOf(places)
  if (!(await holdsOneOf(telling, directory))) {
    const meant = await folderMeant(lab.id, telling, directory, given)
    if (meant.length > 0 || !(await holdsOneOf(places, directory))) throw changesNothing(lab.id, given, meant)
  }
  return filesIn(directory, given)
}

/** The files of a lab by which a fix of it is known, of all files of its starter. */
export const tellingOf = (places: readonly string[]): string[] =>
  places.filter(place => !OF_ANY_APP.includes(place))

function changesNothing(lab: string, given: string, meant: readonly string[]): BadSource {
  const advice =
    meant.length > 0
      ? `Did you mean ${meant.join(' or ')}?`
      : 'Give the folder that holds the changed stack.ts.'
  return new BadSource(`${given} holds no file of ${lab}, so it would change nothing. ${advice}`)
}

async function holdsOneOf(places: readonly string[], directory: string): Promise<boolean> {
  for (const place of places) {
    const isThere = await lstat(join(directory, place)).then(
      () => true,
      () => false,
    )
    if (isThere) return true
  }
  return false
}
