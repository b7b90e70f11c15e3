import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { house } from './house.ts'

/** Where `npm test` puts the AWS SDK v2, and anybody may: it is no dependency of the kit. */
export const oldSdkHome = join(house, '.wslab', 'cache', 'aws-sdk')

/** The folder of the package `aws-sdk`, which AWS's runtimes up to nodejs16.x have; undefined when it is not at hand. */
export function oldSdk(): string | undefined {
  const places = [join(oldSdkHome, 'node_modules', 'aws-sdk'), join(house, 'node_modules', 'aws-sdk')]
  return places.find(place => existsSync(join(place, 'package.json')))
}
