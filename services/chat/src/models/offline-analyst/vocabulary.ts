/** Words the rules look for; a word close to one of them is read as it. */
const KNOWN_WORDS = `
where money spend spent spending cost costs costing expensive cheap cheaper cheapest budget bill billing invoice price prices pricing pay paying
total amount usage token tokens call calls request requests model models provider providers service services feature features
user users customer customers conversation conversations session sessions project projects environment production staging
input output prompt prompts completion context latency slow slower slowing speed fast
break breakdown drive drives driving driver drivers biggest largest highest
cut reduce reducing lower save saving savings decrease shrink optimise optimize trim halve percent without changing switching
jump jumped spike spiked increase increased rise rose grow grew growth higher change changed happened anomaly
trend time daily hourly weekly monthly hour week month minute yesterday today last since between
cache caches cached caching prefix batch batches batching error errors fail fails failed failure failures retry retries timeout timeouts wasted
traffic throughput peak busiest capacity limit limits rate switch migration worth rollback
import upload connect sample column columns format hello thanks compare comparison alternative smaller routing route
monday tuesday wednesday thursday friday saturday sunday
january february march april june july august september october november december
`
  .trim()
  .split(/\s+/)

const KNOWN = new Set(KNOWN_WORDS)

/** Common words that look like a known one and are not. */
const LEAVE = new Set(
  'mode coast most cast host post lost modes mode modern priced prize caller called nodes notes tokenizer chance changes moth mouth honey monkey weather whether there their these those could would should about other which while write poem story think thing things great least later after before order offer users reuse server serve served lime live love latest large charge charged save gave wave have'.split(
    ' ',
  ),
)

/** A question in lower case with its typing errors mended where a known word is near. */
export function mendWords(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’‘]/g, "'")
    .replace(/\p{L}{4,}/gu, (word) => nearestKnown(word) ?? word)
}

function nearestKnown(word: string): string | undefined {
  if (KNOWN.has(word) || LEAVE.has(word)) return undefined
  const reach = word.length >= 8 ? 2 : 1
  let best: { known: string; distance: number } | undefined
  for (const known of KNOWN_WORDS) {
    if (known.length < 4 || known[0] !== word[0] || Math.abs(known.length - word.length) > reach) continue
    // A short word is read as another only when it lacks a letter of it.
    if (word.length === 4 && known.length !== 5) continue
    const distance = editDistance(word, known)
    if (distance <= reach && (!best || distance < best.distance)) best = { known, distance }
  }
  return best?.known
}

/** Letters to insert, remove, replace or swap with their neighbour to turn one word into the other. */
export function editDistance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)]
  const at = (row: number, column: number) => rows[row]?.[column] ?? 0
  for (let row = 1; row <= from.length; row++) {
    const line = [row]
    rows.push(line)
    for (let column = 1; column <= to.length; column++) {
      const changed = from[row - 1] === to[column - 1] ? 0 : 1
      let least = Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1) + changed)
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      if (swapped) least = Math.min(least, at(row - 2, column - 2) + 1)
      line[column] = least
    }
  }
  return at(from.length, to.length)
}
