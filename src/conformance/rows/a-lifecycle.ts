import assert from 'node:assert/strict'
import { bare, plain } from '../grounds/plain.ts'
import { fact, type Row } from '../row.ts'

/** Section A: the life of a connection. */
export const lifecycle: readonly Row[] = [
  fact('A4', 'H', 'Without a `$connect` route everybody may come in', async world => {
    const up = await world.on(bare)
    assert.equal((await up.knock()).status, 101)
  }),
  fact('A10', 'H', 'A `$connect` function that throws is a 502', async world => {
    const up = await world.on(plain)
    assert.equal((await up.knock('Url', { query: { do: { throw: { message: 'oh' } } } })).status, 502)
  }),
]
