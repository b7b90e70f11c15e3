import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { house } from '../../run/house.ts'
import { codeAsHtml } from './code.ts'

const plain = (html: string) =>
  html
    .replace(/<span class="code-\w+">|<\/span>/g, '')
    .replaceAll('&quot;', '"')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&')

test('keywords, strings and comments are marked, and markup in code is text', () => {
  expect(codeAsHtml('const a = "<b>" // no', 'ts')).toBe(
    '<span class="code-keyword">const</span> a = <span class="code-string">&quot;&lt;b&gt;&quot;</span> <span class="code-comment">// no</span>',
  )
  expect(codeAsHtml('<script>', 'text')).toBe('&lt;script&gt;')
  expect(codeAsHtml('<script>', 'no such language')).toBe('&lt;script&gt;')
})

test('no block of code of the labs and the docs loses a character', () => {
  const pages = [
    ...readdirSync(join(house, 'docs'), { recursive: true }).map(file => join('docs', String(file))),
    ...readdirSync(join(house, 'labs')).map(lab => join('labs', lab, 'README.md')),
  ].filter(page => page.endsWith('.md') && !page.includes('index.ts'))
  let blocks = 0
  for (const page of pages) {
    const text = readFileSync(join(house, page), 'utf8')
    for (const [, language, code = ''] of text.matchAll(/^```(\w+)\n(.*?)^```/gms)) {
      blocks += 1
      expect(plain(codeAsHtml(code, language)).trimEnd(), `${page}: ${code}`).toBe(code.trimEnd())
    }
  }
  expect(blocks).toBeGreaterThan(100)
})
