import type { FigureSpan } from '@apex/protocol/claim'
import { type GatedText, type GateRules, gateText, type Refusal } from './figure-gate.ts'
import { type TextUnit, TextUnits } from './text-unit.ts'

/** What stands in place of a sentence that quoted a figure without evidence. */
export const WITHHELD_NOTICE = '(A statement was withheld here: no evidence covers a figure in it.)'
const WITHHELD_CELL = 'withheld'

/** A gated piece ready to be shown; offsets of its figures count from its own start. */
export type GatedPiece = { text: string; figures: FigureSpan[] }

/**
 * Lets a model's text through sentence by sentence once every numeral in it is covered, and withholds what is not. What
 * it has refused so far is kept for validation to report.
 */
export class StreamingGate {
  readonly refusals: Refusal[] = []
  readonly #units = new TextUnits()
  readonly #rules: GateRules
  #noticeIsLast = false

  constructor(rules: GateRules) {
    this.#rules = rules
  }

  push(chunk: string): GatedPiece[] {
    return this.#units.push(chunk).map((unit) => this.#gate(unit))
  }

  end(): GatedPiece[] {
    return this.#units.end().map((unit) => this.#gate(unit))
  }

  #gate(unit: TextUnit): GatedPiece {
    const gated = gateText(unit.text, unit.lineStart, this.#rules)
    if (gated.refusals.length === 0) {
      if (unit.text.trim() !== '') this.#noticeIsLast = false
      return { text: gated.text, figures: gated.figures }
    }
    this.refusals.push(...gated.refusals)
    if (unit.shape === 'table') return this.#gateRow(unit)
    return this.#notice(unit)
  }

  /** Keeps the cells that are covered, so that one bad cell does not cost the row or break the table. */
  #gateRow(unit: TextUnit): GatedPiece {
    let text = ''
    const figures: FigureSpan[] = []
    for (const part of unit.text.split(/(?<!\\)(\|)/)) {
      const gated: GatedText = gateText(part, false, this.#rules)
      const kept = gated.refusals.length === 0 ? gated : { text: ` ${WITHHELD_CELL} `, figures: [] }
      figures.push(...kept.figures.map((span) => ({ ...span, offset: span.offset + text.length })))
      text += kept.text
    }
    return { text: text.endsWith('\n') || !unit.text.endsWith('\n') ? text : `${text}\n`, figures }
  }

  #notice(unit: TextUnit): GatedPiece {
    const trailing = /\s*$/.exec(unit.text)?.[0] ?? ''
    if (this.#noticeIsLast) return { text: trailing.includes('\n') ? trailing : '', figures: [] }
    this.#noticeIsLast = true
    const mark = unit.lineStart ? (/^\s*(?:[-*+]\s+|\d{1,2}[.)]\s+|#{1,6}\s+)?/.exec(unit.text)?.[0] ?? '') : ''
    return { text: `${mark}${WITHHELD_NOTICE}${trailing}`, figures: [] }
  }
}

/** Gates a whole text at once. */
export function gateWhole(draft: string, rules: GateRules): GatedPiece & { refusals: Refusal[] } {
  const gate = new StreamingGate(rules)
  const joined = joinPieces([...gate.push(draft), ...gate.end()])
  return { ...joined, refusals: gate.refusals }
}

/** Joins pieces into one; figures keep their places. */
export function joinPieces(pieces: readonly GatedPiece[]): GatedPiece {
  let text = ''
  const figures: FigureSpan[] = []
  for (const piece of pieces) {
    figures.push(...piece.figures.map((span) => ({ ...span, offset: span.offset + text.length })))
    text += piece.text
  }
  return { text, figures }
}
