import { type GateRules, gateText } from '../evidence/figure-gate.ts'
import { TextUnits } from '../evidence/text-unit.ts'

const LONGEST = 280

/**
 * A model's words as the timeline may show them: figures put in, sentences with an uncovered numeral left out, at most
 * a few sentences. Undefined when nothing is left.
 */
export function timelineText(words: string, rules: GateRules): string | undefined {
  const units = new TextUnits()
  let text = ''
  for (const unit of [...units.push(words), ...units.end()]) {
    const gated = gateText(unit.text, unit.lineStart, rules)
    if (gated.refusals.length > 0) continue
    if (text !== '' && text.length + gated.text.trim().length > LONGEST) break
    text = `${text} ${gated.text.trim()}`.trim()
  }
  return text === '' ? undefined : text.slice(0, LONGEST)
}

/** The same without any figure, for lists whose entries have no room for evidence; undefined when it quotes one. */
export function figureFree(words: string, rules: GateRules): string | undefined {
  const gated = gateText(words.trim(), true, rules)
  return gated.refusals.length > 0 || gated.figures.length > 0 || gated.text === '' ? undefined : gated.text
}
