import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { labs } from '../../labs/index.ts'
import { house } from '../run/house.ts'
import { publishedStarter } from '../run/published-starter.ts'
import { draw } from './draw.ts'
import { pictures } from './pictures.ts'

const folder = join(house, 'docs', 'pictures')

test('docs/pictures holds what the script draws (UPDATE=1 npx vitest run src/pictures draws it anew)', () => {
  const drawn = Object.entries(pictures).map(([name, picture]) => [`${name}.svg`, draw(picture)] as const)
  if (process.env.UPDATE) {
    mkdirSync(folder, { recursive: true })
    for (const [file, svg] of drawn) writeFileSync(join(folder, file), svg)
  }
  for (const [file, svg] of drawn) expect(readFileSync(join(folder, file), 'utf8'), file).toBe(svg)
  expect(readdirSync(folder).sort()).toEqual(drawn.map(([file]) => file).sort())
})

test.for(labs.map(({ id }) => id))(
  'the picture of %s has the routes and functions of which its author speaks',
  async lab => {
    const picture = pictures[lab]!
    const boxes = picture.columns.flat()
    const known = new Set(boxes.map(({ name }) => name))
    const spoken = routesIn([...(await publishedStarter(lab)).values()].join('\n'))
    expect(spoken).not.toEqual([])
    for (const [key, name] of spoken) {
      expect(known, `${lab} ${name}`).toContain(name)
      const target = boxes.find(box => box.name === name)!.id
      const leads = picture.arrows.filter(({ to }) => to === target).map(({ from }) => from.split('/')[1])
      expect(leads, `${lab} ${name}`).toContain(key)
    }
  },
)

/** The table in the comment of a stack: ` *   $connect  connect  writes the client on the list`. */
const routesIn = (code: string): [key: string, name: string][] =>
  [...code.matchAll(/^ \* {3}(\$?\w+|\(messages\)) +(\w+) {2}/gm)].map(([, key = '', name = '']) => [
    key === '(messages)' ? '$default' : key,
    name,
  ])

test('an arrow that leads nowhere is an error that names it', () => {
  const picture = { ...pictures['websocket-api']!, arrows: [{ from: 'client', to: 'api/nowhere' }] }
  expect(() => draw(picture)).toThrow('api/nowhere, which is not in the picture')
})
