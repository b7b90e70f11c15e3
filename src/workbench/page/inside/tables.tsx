import { shortName } from '../../model/names.ts'
import { bench } from '../state.ts'
import { Cli } from './cli.tsx'

interface Table {
  readonly name: string
  readonly count: number
  readonly rows: readonly Record<string, unknown>[]
}

/** Every table with its rows. */
export function Tables({ found }: { found: readonly Table[] }) {
  if (found.length === 0) return <p class="soft">There are no tables.</p>
  return (
    <>
      {found.map(({ name, count, rows }) => {
        const columns = [...new Set(rows.flatMap(row => Object.keys(row)))]
        return (
          <section class="thing" key={name}>
            <h2>
              {shortName(name, bench.value!.directory)}{' '}
              <small>{count === 1 ? '1 row' : `${count} rows`}</small>
            </h2>
            {rows.length > 0 && (
              <div class="scroll" tabIndex={0} role="region" aria-label={`Rows of ${name}`}>
                <table>
                  <thead>
                    <tr>
                      {columns.map(one => (
                        <th key={one} scope="col">
                          {one}
                        </th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {rows.map((row, at) => (
                      <tr key={at}>
                        {columns.map(one => (
                          <td key={one} class="mono">
                            {inWords(row[one])}
                          </td>
                        ))}
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
            <Cli line={`aws dynamodb scan --table-name ${name}`} />
          </section>
        )
      })}
    </>
  )
}

const inWords = (value: unknown): string =>
  value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)
