import jsTokens from 'js-tokens'
import { blank, hide } from './mask.ts'

type Kind = 'comment' | 'string' | 'space' | 'other'

/** A source file as two texts of its own length: in one everything but its comments is hidden, in the other everything but its strings. */
export interface Prose {
  readonly comments: string
  readonly strings: string
}

/** Takes the prose out of TypeScript or JavaScript, with every word still on its line. */
export function proseOfCode(source: string): Prose {
  const pieces = piecesOf(source)
  const only = (kind: Kind) =>
    pieces
      .map(piece =>
        piece.kind === kind ? piece.prose : piece.kind === 'space' ? piece.text : hide(piece.text),
      )
      .join('')
  return { comments: only('comment'), strings: only('string') }
}

interface Piece {
  kind: Kind
  text: string
  prose: string
}

function piecesOf(source: string): Piece[] {
  const pieces: Piece[] = [...jsTokens(source)].map(({ type, value }) => {
    switch (type) {
      case 'SingleLineComment':
      case 'MultiLineComment':
        return { kind: 'comment', text: value, prose: withoutMarks(value) }
      case 'StringLiteral':
      case 'NoSubstitutionTemplate':
      case 'TemplateHead':
      case 'TemplateMiddle':
      case 'TemplateTail':
        return { kind: 'string', text: value, prose: withoutQuotes(value) }
      case 'WhiteSpace':
      case 'LineTerminatorSequence':
        return { kind: 'space', text: value, prose: value }
      default:
        return { kind: 'other', text: value, prose: hide(value) }
    }
  })
  joinSums(pieces.filter(({ kind }) => kind !== 'space' && kind !== 'comment'))
  return pieces
}

/** `'one ' + 'sentence'` is one text; the name of an imported module is none. */
function joinSums(words: readonly Piece[]): void {
  words.forEach((piece, at) => {
    const [last, next] = [words[at - 1], words[at + 1]]
    if (piece.text === '+' && last?.kind === 'string' && next?.kind === 'string') {
      piece.kind = 'space'
      piece.text = ' '
      last.prose = `${last.prose.slice(0, -1)} `
      next.prose = ` ${next.prose.slice(1)}`
    }
    if (piece.kind === 'string' && /^(?:from|import)$/.test(last?.text ?? '')) piece.prose = hide(piece.text)
  })
}

const withoutMarks = (comment: string): string =>
  withoutCode(comment.replace(/^\/\*+|\*+\/$|^\/\/+|^[^\S\n]*\*+(?!\/)/gm, blank))

/** What stands between the quotes; escaped line ends are white space. */
const withoutQuotes = (literal: string): string =>
  withoutCode(literal.replace(/^['"`}]|['"`]$|\$\{$/g, hide).replace(/\\[nrt]/g, blank))

const withoutCode = (text: string): string => text.replace(/`[^`\n]*`/g, hide)
