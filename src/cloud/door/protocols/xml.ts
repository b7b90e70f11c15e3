/** XML as S3 writes it: members in order, a list as its element again and again, what is undefined left out. */
export function xmlOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  if (typeof value !== 'object' || value === null) return escaped(String(value))
  return Object.entries(value)
    .flatMap(([name, member]) => (Array.isArray(member) ? member : [member]).map(one => element(name, one)))
    .join('')
}

const element = (name: string, value: unknown) =>
  value === undefined || value === null ? '' : `<${name}>${xmlOf(value)}</${name.split(' ')[0]}>`

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

const escaped = (text: string) =>
  text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    /[&<>"'\u0000-\u0008\u000b-\u001f]/g,
    char => ENTITIES[char] ?? `&#x${char.charCodeAt(0).toString(16).toUpperCase()};`,
  )

/** An element of a document that was read: its children, or the text of one that has none. */
export interface XmlElement {
  readonly name: string
  readonly children: readonly XmlElement[]
  readonly text: string
}

/** Reads a document without DTD, as clients send them; namespaces are not looked at. Undefined when it is not well-formed. */
export function readXml(document: string): XmlElement | undefined {
  const top: Open = { name: '', children: [], text: '' }
  const open: Open[] = [top]
  let end = 0
  for (const match of document.matchAll(TOKEN)) {
    if (match.index !== end) return undefined
    end += match[0].length
    const [, text, cdata, closes, opens, alone] = match
    const current = open.at(-1)!
    if (text !== undefined) current.text += unescaped(text)
    else if (cdata !== undefined) current.text += cdata
    else if (closes !== undefined) {
      if (open.length === 1 || current.name !== local(closes)) return undefined
      open.pop()
    } else if (opens !== undefined) {
      const child: Open = { name: local(opens), children: [], text: '' }
      current.children.push(child)
      if (!alone) open.push(child)
    }
  }
  return end === document.length && open.length === 1 && top.children.length === 1 && top.text.trim() === ''
    ? top.children[0]
    : undefined
}

interface Open {
  readonly name: string
  readonly children: XmlElement[]
  text: string
}

/** Text, CDATA, an end tag, a start tag; a declaration or a comment is none of these. */
const TOKEN =
  /([^<]+)|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<\/([\w:.-]+)\s*>|<([\w:.-]+)(?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(\/)?>/g

/** The text of an element's child; undefined when there is none. */
export const textIn = (element: XmlElement | undefined, name: string): string | undefined =>
  element?.children.find(child => child.name === name)?.text

/** The children of that name. */
export const allIn = (element: XmlElement | undefined, name: string): readonly XmlElement[] =>
  element?.children.filter(child => child.name === name) ?? []

/** What `xmlOf` writes again: objects, lists where an element comes more than once, texts. */
export function membersOf({ children, text }: XmlElement): unknown {
  if (children.length === 0) return text
  const members: Record<string, unknown> = {}
  for (const { name } of children) {
    const all = children.filter(child => child.name === name).map(membersOf)
    members[name] = all.length === 1 ? all[0] : all
  }
  return members
}

const local = (name: string) => name.slice(name.indexOf(':') + 1)

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const unescaped = (text: string) =>
  text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (all, hex, decimal, name) => {
    if (name !== undefined) return NAMED[name] ?? all
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16))
  })
