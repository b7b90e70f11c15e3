/** Colours for a terminal. The marks ✓ ✗ ! – say the same without them. */
export type Paint = Readonly<Record<'red' | 'green' | 'yellow' | 'dim' | 'bold', (text: string) => string>>

/**
 * A painter that paints, or one that leaves everything as it is. A projector swallows faint text, and yellow on white: what is
 * less important is left as it is, and yellow is a ground for black.
 */
export function painter(colour: boolean): Paint {
  const with_ = (open: string, close: string) => (text: string) =>
    colour && text ? `${open}${text}${close}` : text
  return {
    red: with_('\u001b[31m', '\u001b[39m'),
    green: with_('\u001b[32m', '\u001b[39m'),
    yellow: with_('\u001b[30m\u001b[43m', '\u001b[49m\u001b[39m'),
    dim: text => text,
    bold: with_('\u001b[1m', '\u001b[22m'),
  }
}

/** Whether this stream wants colour: a terminal, unless NO_COLOR (no-color.org) says otherwise; FORCE_COLOR overrules. */
export function wantsColour(
  stream: { readonly isTTY?: boolean },
  env: NodeJS.ProcessEnv = process.env,
): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0'
  return stream.isTTY === true
}
