import { type Assembly, type Context, type Deployment, type Origin, Unmet } from '#kit'
import { StackProblem } from './stack-problem.ts'

/** A stack that is up, and may be deployed again while it is probed. */
export interface Releases {
  /** The stack as it is now: its members are those of the last release. */
  readonly deployment: Deployment
  /** Where the learner's code made what, in the last release. */
  readonly origins: readonly Origin[]
  /**
   * Deploys the stack with this context, unless that is what is up. Throws `Unmet` when the stack is at fault; any other error
   * is not its fault.
   */
  release(context: Context): Promise<void>
}

/** The first release, and how to make others of the same code. Both ways throw `StackProblem` when the code is at fault. */
export interface FirstRelease {
  readonly assembly: Assembly
  readonly deployment: Deployment
  synth(context: Context): Promise<Assembly>
  deploy(assembly: Assembly): Promise<Deployment>
}

/**
 * The releases of one stack. Probes and reports hold on to `deployment` and `origins`, and see the last release in them. A
 * context is synthesized once, so that one that comes back is deployed as it was.
 */
export function releases({ assembly, deployment, synth, deploy }: FirstRelease): Releases {
  const up = { ...deployment }
  const origins = [...assembly.origins]
  const assemblies = new Map([[keyOf({}), assembly]])
  let current: string | undefined = keyOf({})

  return {
    deployment: up,
    origins,
    async release(context) {
      const key = keyOf(context)
      if (key === current) return
      try {
        const next = assemblies.get(key) ?? (await synth(context))
        assemblies.set(key, next)
        // What is up after a deployment that failed, nobody can tell.
        current = undefined
        Object.assign(up, await deploy(next))
        origins.splice(0, origins.length, ...next.origins)
        current = key
      } catch (error) {
        throw error instanceof StackProblem ? blamed(error, context) : error
      }
    },
  }
}

const keyOf = (context: Context): string => JSON.stringify(Object.entries(context).sort())

/** A release that fails is a promise broken, unless the target lacks something. */
function blamed({ step, seen, lacks }: StackProblem, context: Context): Error {
  const { observed, evidence = [], means, where } = seen
  if (lacks) return new Error([observed, ...evidence].join('\n'))
  const given = Object.entries(context).map(([key, value]) => ` -c ${key}=${value}`)
  const done = step === 'synthesizes' ? 'synthesized' : 'deployed'
  return new Unmet({
    expected: `the stack to be ${done} again${given.length > 0 ? `, with${given.join('')}` : ', as at first'}`,
    observed,
    evidence,
    means,
    ...(where && { where }),
  })
}
