import { type Scene, type Signature, Unmet } from '#kit'
import { backendCredentials, type Doors } from './people.ts'

/** Somebody who knocks at a backends' door and must not come in. */
export interface Stranger {
  /** What they did: it completes "mallory, who …". */
  readonly as: string
  readonly signedBy?: Signature
  readonly headers?: Readonly<Record<string, string>>
}

/** Everybody who has no signature of a stage's backends, or one that is not good. */
export async function strangers(scene: Scene, door: Doors): Promise<Stranger[]> {
  const { region } = scene
  const { credentials } = await backendCredentials(scene, door)
  const { accessKeyId, sessionToken } = credentials
  const madeUp = { accessKeyId: `AKIA${hex(scene, 16).toUpperCase()}`, secretAccessKey: hex(scene, 40) }
  return [
    { as: 'has no signature' },
    {
      as: 'has only headers that say who she is',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}`,
        'x-user': scene.output(door.backendRole),
      },
    },
    { as: 'signs with keys that she made up', signedBy: { region, credentials: madeUp } },
    {
      as: "signs with a backend's key id and another secret",
      signedBy: { region, credentials: { ...credentials, secretAccessKey: madeUp.secretAccessKey } },
    },
    {
      as: "signs with a backend's session and her own keys",
      signedBy: { region, credentials: { ...madeUp, ...(sessionToken && { sessionToken }) } },
    },
  ]
}

/** Holds if the door stays shut for all of them: by a refusal, and not by an accident. Throws `Unmet`. */
export async function stayOut(
  scene: Scene,
  door: Doors,
  all: readonly Stranger[],
  name = 'mallory',
): Promise<void> {
  const url = scene.output(door.backendUrl)
  for (const { as, signedBy, headers } of all) {
    const status = await scene.isRefused(`${name}, who ${as},`, {
      url,
      ...(signedBy && { signedBy }),
      ...(headers && { headers }),
    })
    if (status === 401 || status === 403) continue
    throw new Unmet({
      expected: `${name}, who ${as}, to be refused with 401 or 403`,
      observed: `the door was shut with ${status}, which is an accident`,
    })
  }
}

const hex = (scene: Scene, length: number): string =>
  Array.from({ length: Math.ceil(length / 8) }, () => scene.nonce())
    .join('')
    .slice(0, length)
