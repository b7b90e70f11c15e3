import { existsSync } from 'node:fs'
import { basename, delimiter, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import launch from 'launch-editor'
import guess from 'launch-editor/guess.js'
import { house } from '../../run/house.ts'
import type { Opened } from '../model/opened.ts'
import { Refusal } from './http.ts'

/** Editors that need a terminal. The one that the workbench has is taken. npm says that EDITOR is vi where nobody has set it. */
const IN_A_TERMINAL = /^(n?vim?|nano|emacs|pico|ed|joe|micro|helix|hx)(\.exe)?$/
/** Commands of editors with a window, which open a file at a line: they are looked for on PATH. */
const WITH_A_WINDOW = ['code', 'cursor', 'codium', 'code-insiders', 'zed', 'subl', 'webstorm', 'idea']
/** For how long an editor is listened to, in milliseconds. One with a window does not end, and says nothing when all is well. */
const LISTENS_FOR = 1_500

/**
 * Opens a file of the house in the reader's editor: `starter/lab1-missing-route/stack.ts:27`. The editor is the one that runs, or that
 * LAUNCH_EDITOR, VISUAL or EDITOR names, or one that is on PATH. Throws `Refusal` when there is no such file, and when the editor fails
 * within `listensFor` milliseconds.
 */
export async function openInEditor(where: string, listensFor = LISTENS_FOR): Promise<Opened> {
  const [, file = '', line = '1'] = /^([^:]+)(?::(\d+))?/.exec(where) ?? []
  const path = join(house, file)
  const isInside = !/^\.\.(?:[\\/]|$)/.test(relative(house, path)) && file !== ''
  if (!isInside || !existsSync(path)) throw new Refusal(`There is no file ${file} here.`, 404)
  const [named] = guess()
  const isUsable = named !== null && !IN_A_TERMINAL.test(basename(named))
  const found = isUsable ? undefined : onPath(WITH_A_WINDOW)
  const editor = basename(isUsable ? named : (found ?? ''))
  if (!editor) {
    const says = named
      ? `${basename(named)} needs a terminal of its own. Open ${where} there, or set VISUAL to an editor with a window, for instance "code".`
      : `No editor was found. Start yours, or set VISUAL to its command, for instance "code". The place is ${where}.`
    return { says, link: `${pathToFileURL(path).href.replace(/^file:\/\//, 'vscode://file')}:${line}:1` }
  }
  await new Promise<void>((resolve, reject) => {
    const started = setTimeout(resolve, listensFor)
    const failed = (_file: string, why: string | null) => {
      clearTimeout(started)
      reject(new Refusal(`${editor} did not open ${where}${why ? `: ${why}` : '.'}`))
    }
    const at = `${path}:${line}:1`
    // Without a command it guesses again: a path with blanks would not survive being one.
    if (found) launch(at, found, failed)
    else launch(at, failed)
  })
  return { editor }
}

/** The first of these commands that there is. */
function onPath(commands: readonly string[]): string | undefined {
  const ends = process.platform === 'win32' ? ['.cmd', '.exe'] : ['']
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return commands.find(command =>
    folders.some(folder => ends.some(end => existsSync(join(folder, command + end)))),
  )
}
