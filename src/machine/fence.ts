import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { sep } from 'node:path'

/** The fence of a sandbox, as the sandbox tells the process that judges in it. */
export interface Fence {
  /** The program `unshare`, and the script that it is to run. */
  readonly unshare: string
  readonly script: string
  /** The folder in which the kit keeps what it writes. */
  readonly state: string
  /** Folders in /tmp that stay visible when another /tmp is laid over it: the kit may be there. */
  readonly keeps: readonly string[]
  /** The most processes and threads in the sandbox, as long as which a program may start another. */
  readonly processes: number
  /** The largest file, and the room in a temporary folder. Bytes. */
  readonly size: number
  /** The most memory of one process for its data. Bytes. */
  readonly memory: number
}

const told = process.env.WSLAB_FENCE
const fence: Fence | undefined = told ? JSON.parse(told) : undefined
// Nobody else is to inherit it.
delete process.env.WSLAB_FENCE

/** What a fenced program may reach besides the kit and the system, which it may only read. */
export interface Gaps {
  /** Folders that it may write to. */
  readonly writes?: readonly string[]
  /** Folders of ours, in the temporary folder, that it may read. It sees nothing else of ours. */
  readonly reads?: readonly string[]
}

/** A program, its arguments and its environment, for `spawn`. */
export interface Start {
  readonly program: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
}

/**
 * How to start a program that runs other people's code. In a sandbox it is started behind a fence: it sees its own
 * processes only, has a temporary folder of its own, and none of our rights. Elsewhere it is started as it is.
 */
export function fenced({ program, args, env }: Start, { writes = [], reads = [] }: Gaps): Start {
  if (!fence) return { program, args, env }
  const ours = tmpdir()
  const options = {
    ours: [ours],
    state: [fence.state],
    keep: fence.keeps,
    read: reads.filter(folder => folder.startsWith(ours + sep)),
    write: writes,
    processes: [fence.processes],
    size: [fence.size],
    memory: [fence.memory],
  }
  return {
    program: fence.unshare,
    args: [
      ...['--mount', '--pid', '--fork', '--kill-child', '--', '/bin/sh', fence.script],
      ...Object.entries(options).flatMap(([name, values]) =>
        values.flatMap(value => [`--${name}`, String(value)]),
      ),
      '--',
      // Not by the environment of `unshare` and the script: those still have our rights, and LD_PRELOAD may be the program's.
      ...Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`])),
      program,
      ...args,
    ],
    env: {},
  }
}

/** The process behind the fence that `pid` is; `pid` itself where there is no fence. */
export function behindFence(pid: number): number {
  if (!fence) return pid
  try {
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ')
    return Number(child) || pid
  } catch {
    return pid
  }
}
