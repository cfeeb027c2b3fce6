import { wait } from '@apex/client/backoff'

const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 4_000
const TRIES = 30

/**
 * Loads a part of the app that is split off, again and again while the server is away, so that an open page survives a
 * restart. After about two minutes it gives up with the last error, as after an upgrade that no longer has the part.
 */
export async function loadPart<Part>(load: () => Promise<Part>): Promise<Part> {
  for (let failures = 1; ; failures++) {
    try {
      return await load()
    } catch (error) {
      if (failures >= TRIES) throw error
      await wait(Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS))
    }
  }
}
