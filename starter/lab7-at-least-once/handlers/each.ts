/**
 * Does `work` on every item, on at most `atOnce` of them at a time. It reads an item when there is room for it.
 *
 * @throws AggregateError of all failures, after all items have been tried.
 */
export async function each<T>(items: AsyncIterable<T>, atOnce: number, work: (item: T) => Promise<void>) {
  const line = items[Symbol.asyncIterator]()
  const errors: unknown[] = []
  await Promise.all(Array.from({ length: atOnce }, worker))
  if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join('; '))

  async function worker() {
    for (let next = await line.next(); !next.done; next = await line.next())
      await work(next.value).catch(error => errors.push(error))
  }
}
