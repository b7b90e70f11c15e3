/** Colours for a terminal. The marks ✓ ✗ ! – say the same without them. */
export type Paint = Readonly<Record<'red' | 'green' | 'yellow' | 'dim' | 'bold', (text: string) => string>>

/** A painter that paints, or one that leaves everything as it is. */
export function painter(colour: boolean): Paint {
  const with_ = (open: number, close: number) => (text: string) =>
    colour ? `\u001b[${open}m${text}\u001b[${close}m` : text
  return {
    red: with_(31, 39),
    green: with_(32, 39),
    yellow: with_(33, 39),
    dim: with_(2, 22),
    bold: with_(1, 22),
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
