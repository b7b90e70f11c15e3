import { type Scene, textsOfJson } from '#kit'
import { paced } from '../pace.ts'
import { anId, hearNothingElse, idsOfEachKind, isAnswered, type Kind, plain, words } from './shop.ts'

/** Requests of one kind are answered, one after the other: cold and warm, again, after a reconnect, whatever the text and the id. */
export async function eachIsAnsweredOnce(scene: Scene, kind: Kind): Promise<void> {
  const ana = await scene.connect('ana')
  const ben = await scene.connect('ben')

  await isAnswered(ana, kind(plain(scene, 'Ada')))
  await hearNothingElse(ana, ben)

  for (const id of idsOfEachKind()) await isAnswered(ana, kind({ id }))
  // The same once more is a request like any other, and so is another client's with the same id.
  const id = anId()
  const again = kind({ id })
  await isAnswered(ana, again)
  await isAnswered(ana, again)
  await isAnswered(ben, kind({ id }))
  const text = words()
  await isAnswered(ana, kind({ text }))
  await isAnswered(ben, kind({ text }))
  await isAnswered(ben, kind({ text: '' }))
  await isAnswered(ana, kind({ text: words({ short: false }) }))
  // An id and a text stay texts, also where they could be something else.
  for (const like of textsOfJson) await paced(isAnswered(ben, kind({ id: like, text: like })))

  // JSON is JSON, in whatever order and with whatever blanks.
  const { message, answer } = kind()
  ben.send(JSON.stringify(Object.fromEntries(Object.entries(message).reverse()), null, 2))
  await ben.hears(answer)
  await hearNothingElse(ana, ben)

  await ana.leave()
  const back = await scene.connect('ana, who came back,')
  await isAnswered(back, again)
  await isAnswered(ben, kind())
  await hearNothingElse(back, ben)
}
