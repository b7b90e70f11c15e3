import type { Client, Scene } from '#kit'

/** The stages of the service. */
export type Stage = 'live' | 'preview'

/** Where clients of a stage connect. */
export const urlOf = (scene: Scene, stage: Stage): string =>
  scene.output(stage === 'live' ? 'Url' : 'PreviewUrl')

/** Where the connections of a stage are posted to. */
export const callbackUrlOf = (scene: Scene, stage: Stage): string =>
  urlOf(scene, stage).replace(/^ws/, 'http')

/** Connects to a stage. */
export const enter = (scene: Scene, stage: Stage, name: string): Promise<Client> =>
  scene.connect(name, { url: urlOf(scene, stage) })
