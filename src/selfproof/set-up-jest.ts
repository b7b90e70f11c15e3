import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { house } from '../run/house.ts'
import { installBeside } from './install-beside.ts'

const PACKAGE = 'jest@30.5.2'
const home = join(house, '.wslab', 'cache', 'jest')

/** Sees to it that Jest is at hand, once. Answers with its `node_modules`; undefined, and npm's words on stderr, where it cannot be installed. */
export async function setUpJest(): Promise<string | undefined> {
  const packages = join(home, 'node_modules')
  const isThere = () => existsSync(join(packages, 'jest', 'bin', 'jest.js'))
  if (!isThere()) await installBeside(home, PACKAGE)
  return isThere() ? packages : undefined
}
