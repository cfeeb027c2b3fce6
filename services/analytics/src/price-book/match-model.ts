import type { MatchLogic } from '@pydantic/genai-prices'

const COMPACT_DATE = /(-)(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=-|:|$)/g

/** Whether a model or provider name fits the book's rule for it; names compare without case. */
export function matchesName(logic: MatchLogic, name: string): boolean {
  const text = name.toLowerCase()
  if ('or' in logic) return logic.or.some((each) => matchesName(each, text))
  if ('and' in logic) return logic.and.every((each) => matchesName(each, text))
  if ('equals' in logic) return text === logic.equals.toLowerCase()
  if ('starts_with' in logic) return text.startsWith(logic.starts_with.toLowerCase())
  if ('ends_with' in logic) return text.endsWith(logic.ends_with.toLowerCase())
  if ('contains' in logic) return text.includes(logic.contains.toLowerCase())
  return new RegExp(logic.regex).test(text)
}

/** The spellings a book may know a model by: as given, and with a compact date `-20250514` written `-2025-05-14`. */
export function spellingsOf(model: string): string[] {
  const name = model.toLowerCase().trim()
  const dashed = name.replace(COMPACT_DATE, '$1$2-$3-$4')
  return dashed === name ? [name] : [name, dashed]
}
