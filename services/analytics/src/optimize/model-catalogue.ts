/** How capable a model is meant to be, the most capable first. */
const SIZES = ['large', 'medium', 'small', 'tiny'] as const
export type ModelSize = (typeof SIZES)[number]

/** A text model of general purpose that may stand in for another; `year` is when it appeared, `reasons` by default. */
export type CatalogueModel = { maker: string; model: string; size: ModelSize; year: number; reasons: boolean }

type Line = [model: string, size: ModelSize, year: number, reasons?: 'reasons']

const OPENAI: Line[] = [
  ['gpt-3.5-turbo', 'small', 2023],
  ['gpt-4', 'large', 2023],
  ['gpt-4-turbo', 'large', 2023.9],
  ['gpt-4o', 'medium', 2024.4],
  ['gpt-4o-2024-05-13', 'medium', 2024.4],
  ['gpt-4o-mini', 'small', 2024.5],
  ['gpt-4.1', 'medium', 2025.3],
  ['gpt-4.1-mini', 'small', 2025.3],
  ['gpt-4.1-nano', 'tiny', 2025.3],
  ['o1', 'large', 2024.9, 'reasons'],
  ['o3', 'medium', 2025.3, 'reasons'],
  ['o3-mini', 'small', 2025.1, 'reasons'],
  ['o4-mini', 'small', 2025.3, 'reasons'],
  ['gpt-5', 'medium', 2025.6, 'reasons'],
  ['gpt-5-mini', 'small', 2025.6, 'reasons'],
  ['gpt-5-nano', 'tiny', 2025.6, 'reasons'],
  ['gpt-5.1', 'medium', 2025.9, 'reasons'],
  ['gpt-5.2', 'medium', 2025.9, 'reasons'],
  ['gpt-5.4', 'medium', 2026.2, 'reasons'],
  ['gpt-5.4-mini', 'small', 2026.2, 'reasons'],
  ['gpt-5.4-nano', 'tiny', 2026.2, 'reasons'],
  ['gpt-5.5', 'large', 2026.3, 'reasons'],
  ['gpt-5.6-sol', 'large', 2026.5, 'reasons'],
  ['gpt-5.6-terra', 'medium', 2026.5, 'reasons'],
  ['gpt-5.6-luna', 'small', 2026.5, 'reasons'],
]

const ANTHROPIC: Line[] = [
  ['claude-3-haiku', 'small', 2024.2],
  ['claude-3-opus-latest', 'large', 2024.2],
  ['claude-3-5-sonnet', 'medium', 2024.5],
  ['claude-3-5-haiku-latest', 'small', 2024.8],
  ['claude-3-7-sonnet-latest', 'medium', 2025.1],
  ['claude-sonnet-4-0', 'medium', 2025.4],
  ['claude-opus-4-0', 'large', 2025.4],
  ['claude-opus-4-1', 'large', 2025.6],
  ['claude-sonnet-4-5', 'medium', 2025.7],
  ['claude-haiku-4-5', 'small', 2025.8],
  ['claude-opus-4-5', 'large', 2025.9],
  ['claude-opus-4-6', 'large', 2026.1],
  ['claude-sonnet-4-6', 'medium', 2026.1],
  ['claude-opus-4-7', 'large', 2026.3],
  ['claude-opus-4-8', 'large', 2026.4],
  ['claude-sonnet-5', 'medium', 2026.4],
  ['claude-opus-5', 'large', 2026.5],
  ['claude-opus-5-5', 'large', 2026.7],
]

const GOOGLE: Line[] = [
  ['gemini-2.0-flash', 'small', 2025],
  ['gemini-2.0-flash-lite', 'tiny', 2025.1],
  ['gemini-2.5-pro', 'medium', 2025.4, 'reasons'],
  ['gemini-2.5-flash', 'small', 2025.4, 'reasons'],
  ['gemini-2.5-flash-lite', 'tiny', 2025.5],
  ['gemini-3-pro-preview', 'large', 2025.9, 'reasons'],
  ['gemini-3-flash-preview', 'small', 2025.9, 'reasons'],
  ['gemini-3.1-pro-preview', 'large', 2026.1, 'reasons'],
  ['gemini-3.1-flash-lite', 'tiny', 2026.2],
]

const ofMaker = (maker: string, lines: Line[]): CatalogueModel[] =>
  lines.map(([model, size, year, reasons]) => ({ maker, model, size, year, reasons: reasons === 'reasons' }))

/** The models that are compared with each other, by the ids of the price book. */
export const CATALOGUE: readonly CatalogueModel[] = [
  ...ofMaker('openai', OPENAI),
  ...ofMaker('anthropic', ANTHROPIC),
  ...ofMaker('google', GOOGLE),
]

const OTHER_PURPOSE = /audio|realtime|transcribe|tts|image|search|embed|instruct|vision|moderation|live|computer/

/** The catalogue's model an entry of the price book is, whoever hosts it; undefined for one of another purpose. */
export function findInCatalogue(entry: string): CatalogueModel | undefined {
  if (OTHER_PURPOSE.test(entry)) return undefined
  const inside = CATALOGUE.filter(({ model }) => entry.includes(model.replace(/-latest$/, '')))
  return inside.sort((a, b) => b.model.length - a.model.length)[0]
}

/** How many steps smaller the second is than the first; negative when it is larger. */
export function stepsDown(from: CatalogueModel, to: CatalogueModel): number {
  return SIZES.indexOf(to.size) - SIZES.indexOf(from.size)
}
