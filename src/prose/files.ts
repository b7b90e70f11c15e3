import { readdir } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { house } from '../run/house.ts'

const rooms = ['docs', 'labs', 'starter', 'solutions', 'checks', 'src']
const outside = /(^|\/)(node_modules|cdk\.out|\.wslab)(\/|$)/
/** Copies of the solution, each with a fault or a twist. A fix that is one file, a difference, is read as far as its header. */
const fixes = /^checks\/[^/]+\/(wrong|right)\/[^/]+\//
/** The list itself, and the tests of the lint: they are full of the words. */
const aboutWords = /^src\/prose\/(words\.ts|.*\.test\.ts)$/

/** Every file in which somebody writes English, by its path in the house. */
export async function filesWithProse(): Promise<string[]> {
  const inRooms = rooms.map(async room =>
    (await readdir(join(house, room), { recursive: true })).map(
      file => `${room}/${file.split(sep).join('/')}`,
    ),
  )
  const atTheTop = (await readdir(house)).filter(file => file.endsWith('.md'))
  return [...atTheTop, ...(await Promise.all(inRooms)).flat()]
    .filter(file => /\.(md|[cm]?[jt]sx?|html|diff)$/.test(file))
    .filter(file => !outside.test(file) && !fixes.test(file) && !aboutWords.test(file))
    .sort()
}
