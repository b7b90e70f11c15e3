/** What people's code does to a text, and how a report says so. */
export interface Change {
  /** After "it came back": `trimmed at both ends`. */
  readonly as: string
  readonly of: (text: string) => string
}

const change = (as: string, of: (text: string) => string): Change => ({ as, of })
const replaced = (as: string, what: RegExp | string, by: string) =>
  change(as, text => text.replaceAll(what, () => by))

const blanks = [
  change('trimmed at both ends', text => text.trim()),
  change('without the blanks at its beginning', text => text.trimStart()),
  change('without the blanks at its end', text => text.trimEnd()),
  replaced('with each run of blanks made one blank', /\s+/g, ' '),
  replaced('with each run of spaces made one space', / +/g, ' '),
  replaced('without its blanks', /\s/g, ''),
  replaced('without its spaces', / /g, ''),
]

const lines = [
  change('cut at its first line break', text => text.split(/\r?\n/)[0]!),
  replaced('without its line breaks', /[\r\n]/g, ''),
  replaced('without its line breaks', /\n/g, ''),
  replaced('with blanks for its line breaks', /\r?\n/g, ' '),
  replaced('with blanks for its line breaks', /[\r\n]/g, ' '),
  replaced('with its line breaks made <br>', /\r?\n/g, '<br>'),
  replaced('with its line breaks written as \\n', /\n/g, '\\n'),
  replaced('with other line breaks (LF for CRLF)', '\r\n', '\n'),
  replaced('with other line breaks (CRLF for LF)', /\r?\n/g, '\r\n'),
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what such code removes
  replaced('without its control characters: line breaks and tabs', /[\u0000-\u001f\u007f]/g, ''),
]

const cases = [
  change('lower-cased', text => text.toLowerCase()),
  change('upper-cased', text => text.toUpperCase()),
  change('with every word capitalized', text => text.replace(/\b\w/g, letter => letter.toUpperCase())),
]

const quotes = [
  replaced('without its double quotes', '"', ''),
  replaced('without its single quotes', "'", ''),
  replaced('without its quotes', /["']/g, ''),
  replaced('without its quotes', /["'`]/g, ''),
  replaced('with its single quotes doubled', "'", "''"),
  replaced('with its double quotes doubled', '"', '""'),
  replaced('with other quotes: single for double', '"', "'"),
  replaced('with other quotes: double for single', "'", '"'),
  replaced('with a backslash before its double quotes', '"', '\\"'),
  replaced('with a backslash before its single quotes', "'", "\\'"),
  change('with a backslash before its quotes and backslashes', text => text.replace(/["'\\]/g, '\\$&')),
]

const backslashes = [
  replaced('without its backslashes', '\\', ''),
  replaced('with its backslashes doubled', '\\', '\\\\'),
  replaced('with \\n, which it spelled out, made a line break', '\\n', '\n'),
]

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (which: RegExp, apostrophe: string) =>
  change('HTML-escaped', text => text.replace(which, sign => entities[sign] ?? apostrophe))

const html = [
  escaped(/[<>]/g, ''),
  escaped(/[&<]/g, ''),
  escaped(/[&<>]/g, ''),
  escaped(/[<>"]/g, ''),
  escaped(/[&<>"]/g, ''),
  ...['&#39;', '&#039;', '&#x27;', '&apos;'].map(apostrophe => escaped(/[&<>"']/g, apostrophe)),
  change('HTML-unescaped', text =>
    Object.entries(entities).reduceRight((so, [sign, entity]) => so.replaceAll(entity, sign), text),
  ),
  change('HTML-unescaped', text =>
    text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
  ),
  replaced('without its HTML tags', /<[^>]*>/g, ''),
  replaced('without its angle brackets', /[<>]/g, ''),
]

const urls = [
  change('URL-encoded', text => encodeURIComponent(wellFormed(text))),
  change('URL-encoded', text => encodeURI(wellFormed(text))),
  change('URL-encoded, as forms are', text => new URLSearchParams({ x: text }).toString().slice(2)),
  change('URL-decoded', percentDecoded),
  change('URL-decoded, as forms are', text => percentDecoded(text.replaceAll('+', ' '))),
]

const json = [
  change('JSON-encoded once too often', text => JSON.stringify(text)),
  change('JSON-encoded twice too often', text => JSON.stringify(JSON.stringify(text))),
  change('escaped as in JSON', text => JSON.stringify(text).slice(1, -1)),
]

const unicode = [
  change('Unicode-normalized (NFC)', text => text.normalize('NFC')),
  change('Unicode-normalized (NFD)', text => text.normalize('NFD')),
  change('Unicode-normalized (NFKC)', text => text.normalize('NFKC')),
  change('Unicode-normalized (NFKD)', text => text.normalize('NFKD')),
  change('without its accents', text => text.normalize('NFD').replace(/\p{M}/gu, '')),
  replaced('without its emoji', /\p{Extended_Pictographic}/gu, ''),
  replaced('without its emoji', /[\u{10000}-\u{10ffff}]/gu, ''),
  replaced('without its emoji', /[\ud800-\udfff]/g, ''),
  replaced('with something else for its emoji', /[\u{10000}-\u{10ffff}]/gu, '?'),
  replaced('with something else for its emoji', /[\ud800-\udfff]/g, '\ufffd'),
]

const ascii = [
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  replaced('without what is not ASCII', /[^\u0000-\u007f]/g, ''),
  replaced('without what is not printable ASCII', /[^\u0020-\u007e]/g, ''),
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  replaced('with question marks for what is not ASCII', /[^\u0000-\u007f]/g, '?'),
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  replaced('with question marks for what is not ASCII', /[^\u0000-\u007f]/gu, '?'),
  replaced('without its signs: only letters, digits and blanks are left', /[^\w\s]/g, ''),
  replaced('without its signs: only letters, digits and blanks are left', /[^a-z0-9 ]/gi, ''),
  replaced('without its signs: only letters and digits are left', /\W/g, ''),
]

const encodings = [
  change('in a wrong encoding: UTF-8 that was read as Latin-1', text => Buffer.from(text).toString('latin1')),
  change('in a wrong encoding: UTF-8 that was read as Windows-1252', text =>
    new TextDecoder('windows-1252').decode(Buffer.from(text)),
  ),
  change('in a wrong encoding: UTF-8 that was read as ASCII', text => Buffer.from(text).toString('ascii')),
  change('in a wrong encoding: written as Latin-1', text => Buffer.from(text, 'latin1').toString('latin1')),
  change('in a wrong encoding: Latin-1 that was read as UTF-8', text =>
    Buffer.from(text, 'latin1').toString(),
  ),
  change('Base64-encoded', text => Buffer.from(text).toString('base64')),
  change('written in hexadecimal', text => Buffer.from(text).toString('hex')),
]

/** In the order in which they are tried: of changes with the same outcome the first gives its name. */
export const changes: readonly Change[] = [
  ...blanks,
  ...cases,
  ...lines,
  ...quotes,
  ...backslashes,
  ...html,
  ...urls,
  ...json,
  ...unicode,
  ...ascii,
  ...encodings,
]

/** Decodes what can be decoded, and leaves the rest. */
function percentDecoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, sequence => {
    try {
      return decodeURIComponent(sequence)
    } catch {
      return sequence
    }
  })
}

/** Half an emoji, which a cut can leave, cannot be encoded: JavaScript's own functions throw. */
const wellFormed = (text: string): string => Buffer.from(text).toString()
