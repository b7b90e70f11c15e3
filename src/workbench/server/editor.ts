import { existsSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import launch from 'launch-editor'
import guess from 'launch-editor/guess.js'
import { house } from '../../run/house.ts'
import { Refusal } from './http.ts'

/** Editors that need a terminal. The one that the workbench has is taken. npm says that EDITOR is vi where nobody has set it. */
const IN_A_TERMINAL = /^(n?vim?|nano|emacs|pico|ed|joe|micro|helix|hx)(\.exe)?$/
/** For how long an editor is listened to, in milliseconds. One with a window does not end, and says nothing when all is well. */
const LISTENS_FOR = 1_500

/**
 * Opens a file of the house in the reader's editor: `starter/lab1-missing-route/stack.ts:27`. The editor is the one that runs, or that
 * LAUNCH_EDITOR, VISUAL or EDITOR names. Throws `Refusal` when there is no such file or no such editor, and when the editor fails
 * within `listensFor` milliseconds.
 */
export async function openInEditor(where: string, listensFor = LISTENS_FOR): Promise<void> {
  const [, file = '', line = '1'] = /^([^:]+)(?::(\d+))?/.exec(where) ?? []
  const path = join(house, file)
  const isInside = !/^\.\.(?:[\\/]|$)/.test(relative(house, path)) && file !== ''
  if (!isInside || !existsSync(path)) throw new Refusal(`There is no file ${file} here.`, 404)
  const [editor] = guess()
  if (!editor) {
    throw new Refusal(
      `No editor was found. Start yours, or set VISUAL to its command, for instance "code". The place is ${where}.`,
    )
  }
  const name = basename(editor)
  if (IN_A_TERMINAL.test(name)) {
    throw new Refusal(
      `${name} needs a terminal of its own. Open ${where} there, or set VISUAL to an editor with a window, for instance "code".`,
    )
  }
  await new Promise<void>((resolve, reject) => {
    const started = setTimeout(resolve, listensFor)
    launch(`${path}:${line}:1`, (_file, why) => {
      clearTimeout(started)
      reject(new Refusal(`${name} did not open ${where}${why ? `: ${why}` : '.'}`))
    })
  })
}
