import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'

/** What a started process sees as its search path; nothing else of our environment is handed down by default. */
export const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

export type BoundChildOptions = {
  command: string
  args: readonly string[]
  /** The complete environment of the child. */
  env: Readonly<Record<string, string>>
  cwd?: string
  /** What the kernel sends the child when this process dies, however it dies. */
  deathSignal: 'SIGTERM' | 'SIGQUIT' | 'SIGKILL'
  /** Commands put in front, outermost first, each ending before the next (for example `unshare … --`). */
  prefix?: readonly string[]
}

// Between fork and prctl the parent may already be gone, and then the signal never comes: hence the second look.
const execWhileParentLives = '[ "$PPID" = "$0" ] || exit 75; exec "$@"'

/**
 * Starts a process that cannot outlive this one, SIGKILL included: the kernel signals it when the thread that started
 * it ends. Needs util-linux `setpriv`, so on other systems than Linux the child must watch its standard input instead.
 * The death signal is cleared by a change of credentials, so it is set innermost, after every `prefix`.
 */
export function spawnBoundChild(options: BoundChildOptions): ChildProcess {
  const { command, args, env, cwd, deathSignal, prefix = [] } = options
  const binding = canBindToParent()
    ? ['setpriv', '--pdeathsig', deathSignal.slice(3), '--', 'sh', '-c', execWhileParentLives, String(process.pid)]
    : []
  const [file, ...rest] = [...prefix, ...binding, command, ...args] as [string, ...string[]]
  // A session of its own: Ctrl+C in a terminal is for us alone, who end the children in order.
  const apart = { detached: true, stdio: ['pipe', 'pipe', 'pipe'] } satisfies SpawnOptions
  return spawn(file, rest, { ...apart, env: { ...env }, ...(cwd ? { cwd } : {}) })
}

/** Whether the kernel can end a child with its parent here. */
export function canBindToParent(): boolean {
  return process.platform === 'linux' && systemPath.split(':').some((folder) => existsSync(`${folder}/setpriv`))
}
