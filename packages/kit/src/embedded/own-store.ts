import { mkdir } from 'node:fs/promises'
import { lockDirectory } from '../process/directory-lock.ts'
import type { SupervisedProcess, SupervisedState } from '../process/supervised-process.ts'

/** A store that lives and dies with this process, and is started again on the same address when it dies alone. */
export type OwnedStore = AsyncDisposable & {
  /** Its address on 127.0.0.1, password included; the same after every restart of its process. */
  readonly url: string
  /** The store's process id; undefined while it is being restarted. */
  readonly pid: number | undefined
  readonly state: SupervisedState
  /** Resolves after disposal, when nothing runs any more. */
  readonly exited: Promise<void>
  /** Kills the store's process at once, as a fault would. */
  kill(signal?: NodeJS.Signals): void
}

/** Takes the folder for this process, prepares the store in it and starts it; leaves nothing behind when that fails. */
export async function ownStore(
  dataDirectory: string,
  prepare: () => Promise<{ url: string; supervised: SupervisedProcess }>,
): Promise<OwnedStore> {
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 })
  const owned = new AsyncDisposableStack()
  owned.use(await lockDirectory(dataDirectory))
  try {
    const { url, supervised } = await prepare()
    owned.use(supervised)
    await supervised.start()
    return {
      url,
      get pid() {
        return supervised.pid
      },
      get state() {
        return supervised.state
      },
      exited: supervised.exited,
      kill: (signal = 'SIGKILL') => supervised.kill(signal),
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    }
  } catch (error) {
    await owned.disposeAsync()
    throw error
  }
}
