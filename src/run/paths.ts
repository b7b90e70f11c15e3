import type { Source } from './source.ts'

/** The most lines of somebody else's output that a report shows: the last ones, where the reason stands. */
const MOST_LINES = 12

/** A text with every path of the code under test as the reader knows it. */
export function withPaths(text: string, source: Source): string {
  return text.replace(pathsOf(source), (_path, inside: string) => source.display(inside))
}

/** Somebody else's output as lines of evidence: no blank ones, no colours, no stack frames outside the learner's code, no news of success. */
export function linesOf(output: string, source: Source): string[] {
  return withPaths(withoutColours(output), source)
    .split('\n')
    .map(line => line.trimEnd())
    .filter(line => line.trim() !== '' && !noise.some(pattern => pattern.test(line)))
    .slice(-MOST_LINES)
}

const noise = [
  /^\s+at .*(node_modules|node:|<anonymous>)/,
  /^npm warn /,
  // What the bundler says when all went well.
  /^Bundling asset |^⚡ Done|-building[\\/]index\.m?js\s/,
]

/** The lines of the learner's code that a stack trace or a message names, innermost first: `starter/…/stack.ts:41`. */
export function codeLinesIn(text: string, source: Source): string[] {
  return [...text.matchAll(new RegExp(`${pathsOf(source).source}:(\\d+)`, 'g'))]
    .filter(([, inside = '']) => !inside.includes('node_modules'))
    .map(([, inside = '', line]) => `${source.display(inside)}:${line}`)
}

/** A path in the code under test; its group is the part inside. A bundler names files as the directory's last part onwards. */
const pathsOf = (source: Source): RegExp =>
  new RegExp(
    `(?:file://)?${source.directory.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}[\\\\/]([^\\s:()'"?]+)`,
    'g',
  )

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
const withoutColours = (text: string): string => text.replace(/\u001b\[[0-9;]*m/g, '')
