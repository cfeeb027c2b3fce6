export type Turn = { author: 'user' | 'assistant'; text: string }

type Node = { id: string; parentMessageId: string | null; author: Turn['author']; text: string | null }

/** Turns of the branch that leads to a message, oldest first and without it; replies that never came are left out. */
export function branchHistory(nodes: readonly Node[], messageId: string, limit = 20): Turn[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const turns: Turn[] = []
  const seen = new Set<string>([messageId])
  let next = byId.get(messageId)?.parentMessageId ?? null
  while (next !== null && !seen.has(next) && turns.length < limit) {
    seen.add(next)
    const node = byId.get(next)
    if (!node) break
    if (node.text !== null) turns.push({ author: node.author, text: node.text })
    next = node.parentMessageId
  }
  return turns.reverse()
}
