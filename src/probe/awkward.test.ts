import { expect, test } from 'vitest'
import { awkward, named, nonceOf } from './awkward.ts'
import { howItCame, howItChanged } from './how-it-changed.ts'
import { matches } from './match.ts'
import { notATextAtAll, unexpectedMessages } from './unexpected.ts'

/** What people write, and what a report has to say of it. */
const lossy: readonly [how: string, code: (text: string) => unknown, says: string | RegExp][] = [
  ['trim', text => text.trim(), 'trimmed at both ends'],
  ['trimEnd', text => text.trimEnd(), 'without the blanks at its end'],
  ['toLowerCase', text => text.toLowerCase(), 'lower-cased'],
  ['toUpperCase', text => text.toUpperCase(), 'upper-cased'],
  ['slice', text => text.slice(0, 100), /^cut after 100 characters$/],
  ['slice with dots', text => `${text.slice(0, 97)}...`, 'cut after 97 characters, with "..." behind it'],
  ['bytes', text => Buffer.from(text).subarray(0, 128).toString(), 'cut after 128 bytes'],
  [
    'HTML',
    text => text.replace(/[&<>"]/g, sign => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' }[sign]};`),
    'HTML-escaped',
  ],
  [
    'unescape HTML',
    text => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&'),
    'HTML-unescaped',
  ],
  ['strip tags', text => text.replace(/<[^>]+>/g, ''), 'without its HTML tags'],
  [
    'Latin-1',
    text => Buffer.from(text).toString('latin1'),
    'in a wrong encoding: UTF-8 that was read as Latin-1',
  ],
  ['ASCII', text => text.replace(/[^\x20-\x7e]/g, ''), 'without what is not printable ASCII'],
  [
    'binary',
    text => Buffer.from(text, 'latin1').toString(),
    'in a wrong encoding: Latin-1 that was read as UTF-8',
  ],
  ['double quotes', text => text.replace(/'/g, "''"), 'with its single quotes doubled'],
  ['no quotes', text => text.replace(/["']/g, ''), 'without its quotes'],
  ['no line breaks', text => text.replace(/\n/g, ''), 'without its line breaks'],
  ['first line', text => text.split('\n')[0]!.trimEnd(), 'cut at its first line break'],
  ['line breaks to blanks', text => text.replace(/\r?\n/g, ' '), 'with blanks for its line breaks'],
  ['encodeURIComponent', text => encodeURIComponent(text), 'URL-encoded'],
  ['form', text => decodeURIComponent(text.replace(/\+/g, ' ')), 'URL-decoded, as forms are'],
  ['JSON twice', text => JSON.stringify(text), 'JSON-encoded once too often'],
  ['NFC', text => text.normalize(), 'Unicode-normalized (NFC)'],
  ['NFD', text => text.normalize('NFD'), 'Unicode-normalized (NFD)'],
  ['no accents', text => text.normalize('NFD').replace(/\p{Diacritic}/gu, ''), /accents|where .* was sent/],
  ['collapse', text => text.replace(/\s+/g, ' '), 'with each run of blanks made one blank'],
  ['no emoji', text => text.replace(/[\ud800-\udfff]/g, ''), 'without its emoji'],
  ['backslashes', text => text.replace(/\\/g, ''), 'without its backslashes'],
  ['a pattern', text => '{text}'.replace('{text}', text), /String\.replace/],
  ['trim and lower-case', text => text.trim().toLowerCase(), 'trimmed at both ends and lower-cased'],
  ['trim and cut', text => text.trim().slice(0, 100), 'trimmed at both ends and cut after 100 characters'],
  ['a name before it', text => `ana: ${text}`, 'with "ana: " before it'],
  [
    'first word',
    text => text.trim().split(' ')[0],
    /^cut (after|to)|trimmed at both ends and cut after 8 characters/,
  ],
  ['nothing', () => undefined, 'missing'],
  ['null', () => null, 'as null'],
  ['characters', text => [...text], 'as a list of its characters'],
  [
    'buffer',
    text => JSON.parse(JSON.stringify(Buffer.from(text))),
    'as a Buffer in JSON: a list of its bytes',
  ],
]

test.each(lossy)('%s changes every awkward text, long or short, and is named', (_, code, says) => {
  for (const short of [false, true]) {
    for (let again = 0; again < 5; again += 1) {
      const sent = awkward({ actions: ['whoami', 'sendMessage'], short })
      const how = howItChanged(sent, code(sent))
      expect(how).toMatch(/^it came back /)
      const what = how!.replace('it came back ', '')
      if (typeof says === 'string') expect(what).toBe(says)
      else expect(what).toMatch(says)
    }
  }
})

test('a faithful copy is none that has changed', () => {
  for (let again = 0; again < 50; again += 1) {
    const sent = awkward({ actions: ['whoami'] })
    expect(howItChanged(sent, JSON.parse(JSON.stringify({ sent })).sent)).toBeUndefined()
    expect(howItChanged(sent, Buffer.from(sent).toString())).toBeUndefined()
    expect(howItCame([{ text: 'x' }, { deep: [{ sent }] }], sent)).toBeUndefined()
  }
})

test('an awkward text is 2 KB long, or short, is like no other, and names the actions', () => {
  const texts = Array.from({ length: 20 }, () => awkward({ actions: ['whoami'] }))
  expect(new Set(texts).size).toBe(20)
  expect(new Set(texts.map(nonceOf)).size).toBe(20)
  for (const text of texts) {
    expect(Buffer.byteLength(text)).toBe(2048)
    expect(text).toContain('{"action":"whoami"}')
  }
  expect(Buffer.byteLength(awkward({ short: true }))).toBeLessThan(300)
})

test('a change that nobody knows is shown where it begins', () => {
  const sent = awkward()
  const how = howItChanged(sent, sent.replace('Ω', 'O').replace('ß', 'ss'))
  expect(how).toMatch(
    /^it came back changed: where …\S.*äöüß.* was sent, it has …\S.*äöüss.*, and has no .*Ω.* in it$/,
  )
})

test('a change that nobody knows is told of a text of any length, wherever a cut would fall', () => {
  for (let count = 0; count <= 12; count += 1) {
    const sent = awkward({ actions: ['x'.repeat(count)], short: true })
    expect(howItChanged(sent, sent.replace('Ω', 'O').replace('&', 'and'))).toMatch(/^it came back changed: /)
  }
})

test('the changed copy is found in whatever came, and so is one whose nonce no longer reads', () => {
  const sent = awkward()
  const came = [{ text: 'hello' }, { from: 'ana', text: { is: sent.trim() } }]
  expect(howItCame(came, sent)).toEqual({ how: 'it came back trimmed at both ends', got: sent.trim() })
  const encoded = Buffer.from(sent).toString('base64')
  expect(howItCame([{ text: encoded }], sent)?.how).toBe('it came back Base64-encoded')
  expect(howItCame([{ text: awkward() }, 'hello'], sent)).toBeUndefined()
})

test('names are fresh, without a blank, and no longer than they may be', () => {
  const names = named(12, { longest: 30 })
  expect(new Set(names).size).toBe(12)
  expect(names[0]).toMatch(/^Zoë/)
  expect(names[1]).toBe(names[1]!.toUpperCase())
  expect(names[2]).toHaveLength(30)
  for (const name of names) expect(name).toMatch(/^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,30}$/u)
})

test('what is sent where a message with an action is expected is no such message', () => {
  for (const { text } of unexpectedMessages) {
    const isOne = (() => {
      try {
        return matches(JSON.parse(text), (message: any) => typeof message?.action === 'string')
      } catch {
        return false
      }
    })()
    expect(isOne).toBe(false)
  }
  for (const { value } of notATextAtAll) expect(typeof value).not.toBe('string')
})
