/** What a person typed and did not send yet, by thread; `new` is the composer of a thread that does not exist yet. */
export type Drafts = {
  read(key: string): string
  write(key: string, text: string): void
}

const PREFIX = 'netra.draft.'
const KEPT = 50

/**
 * Keeps one person's drafts in the browser, at most fifty, the least recently written dropped first. Without storage,
 * in memory. `scope` names the person and organisation.
 */
export function createDrafts(storage: Storage | undefined, scope: string, now: () => number = Date.now): Drafts {
  const keyOf = (key: string) => `${PREFIX}${scope}.${key}`
  const memory = new Map<string, string>()

  function prune() {
    if (!storage) return
    const kept = Object.keys(storage)
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => ({ key, at: parse(storage.getItem(key)).at }))
      .sort((a, b) => b.at - a.at)
    for (const { key } of kept.slice(KEPT)) storage.removeItem(key)
  }

  return {
    read: (key) => (storage ? parse(storage.getItem(keyOf(key))).text : (memory.get(key) ?? '')),
    write(key, text) {
      if (!storage) return void memory.set(key, text)
      if (text === '') return storage.removeItem(keyOf(key))
      try {
        storage.setItem(keyOf(key), JSON.stringify({ text, at: now() }))
        prune()
      } catch {
        memory.set(key, text)
      }
    },
  }
}

function parse(kept: string | null): { text: string; at: number } {
  try {
    const { text, at } = JSON.parse(kept ?? '') as { text?: unknown; at?: unknown }
    return { text: typeof text === 'string' ? text : '', at: typeof at === 'number' ? at : 0 }
  } catch {
    return { text: '', at: 0 }
  }
}
