/** The known name closest to a given one, when they are close enough to be the same thing misspelt. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  const wanted = given.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')
  const scored = known.map((name) => ({ name, distance: distanceOf(wanted, name) }))
  const best = scored.reduce((a, b) => (b.distance < a.distance ? b : a), {
    name: '',
    distance: Number.POSITIVE_INFINITY,
  })
  return best.distance <= Math.max(3, Math.ceil(wanted.length * 0.5)) ? best.name : undefined
}

// Shared words weigh more than letters: "prompt tokens" is nearer to input_tokens than to reasoning_tokens.
function distanceOf(a: string, b: string): number {
  const words = new Set(b.split('_'))
  const shared = SYNONYMS.some(([from, to]) => a.includes(from) && b === to)
    ? 8
    : a.split('_').filter((word) => words.has(word)).length
  return editDistance(a, b) - 2 * shared
}

const SYNONYMS: readonly (readonly [string, string])[] = [
  ['prompt', 'input_tokens'],
  ['completion', 'output_tokens'],
  ['cached', 'cache_read_tokens'],
  ['cache_creation', 'cache_write_tokens'],
  ['time', 'timestamp'],
  ['date', 'timestamp'],
  ['session', 'conversation'],
  ['duration', 'latency_ms'],
]

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      current[j] = Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1)
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
