/** Does `work` on every item, on at most `atOnce` of them at a time, and takes no item before it gets to it. */
export async function each<T>(items: AsyncIterable<T>, atOnce: number, work: (item: T) => Promise<void>) {
  const line = items[Symbol.asyncIterator]()
  await Promise.all(Array.from({ length: atOnce }, worker))

  async function worker() {
    for (let next = await line.next(); !next.done; next = await line.next()) await work(next.value)
  }
}
