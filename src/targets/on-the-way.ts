import type { Target } from '#kit'

/** A target that is still being started: it can be named at once, and a deployment waits for it. */
export const onTheWay = (
  known: Pick<Target, 'name' | 'can'>,
  starting: Promise<Pick<Target, 'deploy'>>,
): Target => ({
  ...known,
  deploy: async assembly => (await starting).deploy(assembly),
})
