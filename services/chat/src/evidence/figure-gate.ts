import type { Claim, FigureSpan } from '@apex/protocol/claim'
import { type ExemptionRules, exemptRanges } from './exemption.ts'
import { findNumerals } from './numeral.ts'

/** What the gate knows: the claims that may be quoted and what needs none. */
export type GateRules = ExemptionRules & { claim(id: string): Claim | undefined }

/** A piece of text as it may be published: figures in place of placeholders, each with its span. */
export type GatedText = { text: string; figures: FigureSpan[]; refusals: Refusal[] }

/** Why a piece was refused: the numeral no claim covers, or the placeholder no claim answers to. */
export type Refusal = { reason: 'uncovered_numeral' | 'unknown_claim' | 'malformed'; excerpt: string }

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g
const BLANK = '\uE000'
/** Ways to show a numeral that is not one in the text: entities, invisible characters and emphasis inside a word. */
const DISGUISE = /&(?:#|frac|sup\d)|[\u200B-\u200F\u2060\uFEFF\u00AD]|\p{L}\*{1,3}\p{L}/iu

/**
 * Puts the displayed values of claims in place of `{{claim-id}}` and looks for numerals that no claim covers and no
 * rule exempts. The text is returned with its figures either way; it may be shown only when there are no refusals.
 */
export function gateText(draft: string, lineStart: boolean, rules: GateRules): GatedText {
  const figures: FigureSpan[] = []
  const refusals: Refusal[] = []
  let text = ''
  let read = 0
  for (const match of draft.matchAll(PLACEHOLDER)) {
    text += draft.slice(read, match.index)
    read = match.index + match[0].length
    const claim = rules.claim(match[1] ?? '')
    if (claim) {
      figures.push({ offset: text.length, length: claim.display.length, claimId: claim.id })
      text += claim.display
    } else {
      refusals.push({ reason: 'unknown_claim', excerpt: match[0] })
      text += match[0]
    }
  }
  text += draft.slice(read)
  return { text, figures, refusals: [...refusals, ...uncoveredNumerals(text, figures, lineStart, rules)] }
}

/** The numerals of a text that stand outside its figures and that no rule exempts. */
export function uncoveredNumerals(
  text: string,
  figures: readonly FigureSpan[],
  lineStart: boolean,
  rules: ExemptionRules,
): Refusal[] {
  const outside = blankFigures(text, figures)
  const found = findNumerals(outside)
  const exempt = found.length > 0 ? exemptRanges(outside, lineStart, rules) : []
  const numerals = found.filter((numeral) => {
    if (touchesFigure(outside, numeral.start, numeral.end)) return true
    return !exempt.some((range) => range.start <= numeral.start && numeral.end <= range.end)
  })
  const refusals: Refusal[] = numerals.map((numeral) => ({ reason: 'uncovered_numeral', excerpt: numeral.text }))
  if (/\{\{|\}\}/.test(outside) || DISGUISE.test(outside))
    refusals.push({ reason: 'malformed', excerpt: outside.trim() })
  return refusals
}

function blankFigures(text: string, figures: readonly FigureSpan[]): string {
  let outside = text
  for (const { offset, length } of figures) {
    outside = outside.slice(0, offset) + BLANK.repeat(length) + outside.slice(offset + length)
  }
  return outside
}

/** A digit glued to a figure changes the figure: `$1,234` followed by `,000` or `5`. */
function touchesFigure(outside: string, start: number, end: number): boolean {
  const before = outside.slice(Math.max(0, start - 2), start)
  const after = outside.slice(end, end + 2)
  return /\uE000[.,'’]?$/.test(before) || /^[.,'’]?\uE000/.test(after)
}
