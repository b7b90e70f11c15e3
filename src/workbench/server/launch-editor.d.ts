declare module 'launch-editor/guess.js' {
  /** The command of the editor that runs or that the environment names, and its arguments; `[null]` for none. */
  export default function guess(specified?: string): [string | null, ...string[]]
}
