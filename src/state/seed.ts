import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { KeptItem } from '../cloud/kept.ts'
import { nearest } from '../report/nearest.ts'
import { itemFrom, NoAttributeValue } from './attribute-values.ts'
import { type Placed, readPlaced, withoutPlaces } from './seed-file.ts'
import { StateProblem } from './trouble.ts'

/** Something to sow, under the name that somebody gave to its home, and where that stands. */
export interface Sown<T> {
  readonly name: string
  readonly what: T
  /** `seed.yaml:7, tables.Connections[0]`. */
  readonly place: string
}

/** A seed, checked: what can be checked without a cloud. */
export interface Seed {
  readonly rows: readonly Sown<KeptItem>[]
  readonly users: readonly Sown<SownUser>[]
  readonly objects: readonly Sown<SownObject>[]
  readonly parameters: readonly Sown<SownParameter>[]
}

export interface SownUser {
  readonly username: string
  readonly password: string
  readonly attributes: Readonly<Record<string, string>>
  readonly groups: readonly string[]
}

export interface SownObject {
  readonly key: string
  readonly bytes: Buffer
  readonly contentType: string
}

export interface SownParameter {
  readonly value: string
  readonly type: string
}

type Fields = Readonly<Record<string, unknown>>

/** Reads a seed: the path of a file, or what such a file holds. @throws StateProblem that says where, and what. */
export function readSeed(given: unknown): Seed {
  const path = typeof given === 'string' ? resolve(given) : undefined
  const file = path === undefined ? withoutPlaces(given) : readPlaced(path)
  return seedIn(file, path === undefined ? process.cwd() : dirname(path))
}

function seedIn(file: Placed, folder: string): Seed {
  const wrong = (at: string, around: readonly unknown[], what: string): StateProblem =>
    new StateProblem(`${placed(at, around)}: ${what}`)
  const placed = (at: string, around: readonly unknown[]) =>
    [file.placeOf([file.value, ...around]), ...(at ? [at] : [])].join(', ')

  const fields = (
    value: unknown,
    at: string,
    around: readonly unknown[],
    known?: readonly string[],
  ): Fields => {
    if (Object.prototype.toString.call(value) !== '[object Object]') {
      throw wrong(at, [...around, value], `this is to be a mapping, and is ${shown(value)}.`)
    }
    for (const name of Object.keys(value as Fields)) {
      if (known && !known.includes(name)) {
        throw wrong(
          at,
          [...around, value],
          `there is no ${name} here.${nearest(name, known)} There is: ${known.join(', ')}.`,
        )
      }
    }
    return value as Fields
  }
  const list = (value: unknown, at: string, around: readonly unknown[]): readonly unknown[] => {
    if (Array.isArray(value)) return value
    throw wrong(at, [...around, value], `this is to be a list, and is ${shown(value)}.`)
  }
  const text = (value: unknown, at: string, around: readonly unknown[], what: string): string => {
    if (typeof value === 'string' && value !== '') return value
    throw wrong(at, around, `${what} is to be a text, and is ${shown(value)}.`)
  }

  const whole = fields(file.value, '', [], ['tables', 'users', 'objects', 'parameters'])
  const part = (name: string) => Object.entries(fields(whole[name] ?? {}, name, []))

  return {
    rows: part('tables').flatMap(([name, rows]) =>
      list(rows, `tables.${name}`, [whole.tables]).map((row, index) => {
        const at = `tables.${name}[${index}]`
        const around = [whole.tables, rows, row]
        return { name, place: placed(at, around), what: item(row, at, around) }
      }),
    ),
    users: part('users').flatMap(([name, users]) =>
      list(users, `users.${name}`, [whole.users]).map((given, index) => {
        const at = `users.${name}[${index}]`
        const around = [whole.users, users, given]
        return { name, place: placed(at, around), what: user(given, at, around) }
      }),
    ),
    objects: part('objects').flatMap(([name, objects]) =>
      Object.entries(fields(objects, `objects.${name}`, [whole.objects])).map(([key, given]) => {
        const at = `objects.${name}.${key}`
        const around = [whole.objects, objects, given]
        return { name, place: placed(at, around), what: object(key, given, at, around) }
      }),
    ),
    parameters: part('parameters').map(([name, given]) => {
      const at = `parameters.${name}`
      const around = [whole.parameters, given]
      return { name, place: placed(at, around), what: parameter(given, at, around) }
    }),
  }

  function item(row: unknown, at: string, around: readonly unknown[]): KeptItem {
    try {
      return itemFrom(fields(row, at, around))
    } catch (error) {
      if (error instanceof NoAttributeValue) throw wrong(`${at}${error.at}`, around, `${error.message}.`)
      throw error
    }
  }

  function user(given: unknown, at: string, around: readonly unknown[]): SownUser {
    const known = ['username', 'password', 'attributes', 'groups']
    const { username, password, attributes = {}, groups = [] } = fields(given, at, around, known)
    return {
      username: text(username, at, around, 'username'),
      password: text(password, at, around, 'password'),
      attributes: Object.fromEntries(
        Object.entries(fields(attributes, `${at}.attributes`, around)).map(([name, value]) => [
          name,
          typeof value === 'boolean' || typeof value === 'number'
            ? String(value)
            : text(value, `${at}.attributes`, around, name),
        ]),
      ),
      groups: list(groups, `${at}.groups`, around).map(group =>
        text(group, `${at}.groups`, around, 'a group'),
      ),
    }
  }

  function object(key: string, given: unknown, at: string, around: readonly unknown[]): SownObject {
    if (typeof given === 'string') return { key, bytes: Buffer.from(given), contentType: 'text/plain' }
    const { contentType = 'application/octet-stream', ...one } = fields(given, at, around, [
      'text',
      'base64',
      'file',
      'contentType',
    ])
    const ways = Object.entries(one).filter(([, value]) => value !== undefined)
    const [[way, value] = []] = ways
    if (ways.length !== 1 || typeof value !== 'string') {
      throw wrong(at, around, 'an object has one of text, base64 and file.')
    }
    return { key, contentType: text(contentType, at, around, 'contentType'), bytes: bytes(way, value) }

    function bytes(how: string | undefined, value: string): Buffer {
      if (how === 'text') return Buffer.from(value)
      if (how === 'base64') return Buffer.from(value, 'base64')
      try {
        return readFileSync(resolve(folder, value))
      } catch (error) {
        throw wrong(at, around, `the file cannot be read: ${(error as Error).message}.`)
      }
    }
  }

  function parameter(given: unknown, at: string, around: readonly unknown[]): SownParameter {
    if (typeof given === 'string') return { value: given, type: 'String' }
    const { value, type = 'String' } = fields(given, at, around, ['value', 'type'])
    return { value: text(value, at, around, 'value'), type: text(type, at, around, 'type') }
  }
}

const shown = (value: unknown): string =>
  value === undefined
    ? 'not there'
    : Array.isArray(value)
      ? 'a list'
      : (JSON.stringify(value) ?? String(value)).slice(0, 60)
