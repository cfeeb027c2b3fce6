/**
 * Maps a Markdown text node back to its source: entry j is the source offset of the j-th UTF-16 unit of `value`, and one
 * entry more stands for its end. Escapes, entities and the markers of continued lines are in the source only.
 */
export function sourceOffsets(source: string, start: number, end: number, value: string): number[] {
  const offsets: number[] = []
  let at = start
  for (let j = 0; j < value.length; j++) {
    const entity = source[at] === '&' && value[j] !== '&' ? /^&[#\w]+;/.exec(source.slice(at, at + 40)) : null
    if (entity) {
      offsets.push(at)
      at += entity[0].length
      continue
    }
    while (at < end && source[at] !== value[j]) at++
    offsets.push(at)
    at += 1
    if (value[j] === '&') at += /^(amp|#38|#x26);/i.exec(source.slice(at, at + 6))?.[0].length ?? 0
  }
  offsets.push(Math.min(at, end))
  return offsets
}
