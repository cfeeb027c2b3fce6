/** The smallest piece of Markdown that is shown or withheld as a whole. */
export type TextUnit = {
  text: string
  /** Whether it begins a line, where a list number or a heading mark may stand. */
  lineStart: boolean
  shape: 'prose' | 'table' | 'heading' | 'code'
}

const SENTENCE_END = /[.!?…]["')\]*_]*\s+/g
const ABBREVIATION = /(?:\b(?:e\.g|i\.e|vs|approx|etc|cf|incl|resp|No|Mr|Ms|Dr|St)\.|^\s*(?:[-*+]\s+)?\d{1,2}\.)\s+$/

/**
 * Cuts a stream of Markdown into units: sentences in prose, rows in tables, whole fences of code. A unit comes out as
 * soon as nothing that follows can change it.
 */
export class TextUnits {
  #rest = ''
  #lineStart = true

  /** Takes the next piece of the stream and gives the units it completes. */
  push(chunk: string): TextUnit[] {
    this.#rest += chunk
    const units: TextUnit[] = []
    for (let unit = this.#next(); unit; unit = this.#next()) units.push(unit)
    return units
  }

  /** What is left when the stream ends. */
  end(): TextUnit[] {
    const text = this.#rest
    this.#rest = ''
    return text === '' ? [] : [{ text, lineStart: this.#lineStart, shape: this.#shape(text) }]
  }

  #next(): TextUnit | undefined {
    const length = this.#unitLength()
    if (length === 0) return undefined
    const text = this.#rest.slice(0, length)
    const unit: TextUnit = { text, lineStart: this.#lineStart, shape: this.#shape(text) }
    this.#rest = this.#rest.slice(length)
    this.#lineStart = text.endsWith('\n')
    return unit
  }

  #shape(text: string): TextUnit['shape'] {
    if (!this.#lineStart) return 'prose'
    if (/^\s*```/.test(text)) return 'code'
    if (/^\s*\|/.test(text)) return 'table'
    return /^#{1,6}\s/.test(text) ? 'heading' : 'prose'
  }

  #unitLength(): number {
    const lineEnd = this.#rest.indexOf('\n')
    const line = lineEnd === -1 ? this.#rest : this.#rest.slice(0, lineEnd + 1)
    if (this.#lineStart) {
      const mark = /^\s*(`{1,3}|\||#{1,6})?/.exec(line)?.[1]
      if (mark === '```') return this.#fenceLength()
      // A line that begins with one backtick may still become a fence.
      if (lineEnd === -1 && (mark !== undefined || line.trim() === '')) return 0
      if (mark?.startsWith('|') || mark?.startsWith('#')) return line.length
    }
    return this.#sentenceLength(line, lineEnd !== -1)
  }

  #fenceLength(): number {
    const close = /\n[ \t]*```[ \t]*\n/.exec(this.#rest)
    return close ? close.index + close[0].length : 0
  }

  #sentenceLength(line: string, complete: boolean): number {
    for (const match of line.matchAll(SENTENCE_END)) {
      const end = match.index + match[0].length
      if (end >= line.length && !complete) break
      const sentence = line.slice(0, end)
      if (ABBREVIATION.test(sentence) || isOpen(sentence)) continue
      return end
    }
    return complete ? line.length : 0
  }
}

/** Whether a code span or a placeholder has begun and not ended. */
function isOpen(text: string): boolean {
  const ticks = text.match(/`/g)?.length ?? 0
  return ticks % 2 === 1 || text.lastIndexOf('{{') > text.lastIndexOf('}}')
}
