import type { Dimension } from '@apex/protocol/question'
import { dimensionOf } from './find-limits.ts'
import { editDistance } from './vocabulary.ts'

/** A name in a question that restricts it: `the checkout service`, `gpt-4o`, `only checkout`. */
export type Mention = {
  name: string
  dimension: Dimension | null
  /** It only looks like a name, so that it counts when the data knows it and is passed over when not. */
  guess?: true
}

const KIND = '(service|app|application|feature|project|team|environment|user|customer|provider)'
const NAME = '["“\'‘]?([A-Za-z][\\w.-]*)["”\'’]?'
/** After these words a dimension is asked for as a whole, so what follows it is no name. */
const NOT_ASKED_BY = '(?<!\\b(?:by|per|which|what|each|every|top|across|among|or|and)\\s)'
const NOT_A_NAME = new Set(
  (
    'the a an our my your their this that these those which what each every any all some no other another same only just one top by per ' +
    'most more expensive cheap cheaper cheapest biggest largest and or of in on for to from with is are was were do does did has have can could ' +
    'cost costs spend spends use uses used calls tokens money it its we i you would should will be been most-used main single specific different ' +
    'how why where when who about across level names name data breakdown share customer-facing end named called'
  ).split(' '),
)
const MODEL_NAME =
  /(?<![\w-])(?:gpt|claude|gemini|llama|mistral|mixtral|deepseek|qwen|grok|nova|command|phi)-[\w.:-]*\w|(?<![\w-])o[134](?:-\w+)?(?![\w-])/gi

/** The names a question restricts itself to, models apart. */
export function findMentions(question: string): Mention[] {
  const found: Mention[] = []
  const add = (name: string | undefined, kind: string | null) => {
    if (!name || NOT_A_NAME.has(name.toLowerCase())) return
    const dimension = kind === null ? null : (dimensionOf(kind) ?? null)
    const cleaned = name.replace(/[.-]+$/, '')
    if (!found.some((other) => other.name.toLowerCase() === cleaned.toLowerCase()))
      found.push({ name: cleaned, dimension })
  }
  for (const match of question.matchAll(new RegExp(`${NAME}\\s+${KIND}\\b`, 'gi'))) add(match[1], match[2] ?? null)
  for (const match of question.matchAll(
    new RegExp(`${NOT_ASKED_BY}\\b${KIND}\\s+(?:called\\s+|named\\s+|=\\s*|:\\s*)?${NAME}`, 'gi'),
  )) {
    add(match[2], match[1] ?? null)
  }
  for (const match of question.matchAll(/\bin\s+(production|prod|staging|development|dev)\b/gi))
    add(match[1], 'environment')
  for (const match of question.matchAll(
    new RegExp(
      `\\b(?:only|just)\\s+(?:the\\s+|for\\s+(?:the\\s+)?|in\\s+)?${NAME}(?=\\s*(?:[?.!,]|$|please\\b))`,
      'gi',
    ),
  )) {
    add(match[1], null)
  }
  return [...found, ...guesses(question, found)].slice(0, 3)
}

/** Words joined by hyphens or the like, such as `support-assistant`: names, unless the data does not know them. */
function guesses(question: string, found: readonly Mention[]): Mention[] {
  const joined = question.match(/(?<![\w@./-])[A-Za-z][A-Za-z0-9]*(?:[-_.][A-Za-z0-9]+)+(?![\w/-])/g) ?? []
  const models = findModels(question).named
  const known = [...found.map(({ name }) => name.toLowerCase()), ...models]
  const names = [...new Set(joined)].filter((name) => !known.includes(name.toLowerCase()))
  return names.map((name) => ({ name, dimension: null, guess: true }))
}

/** Model names in a question, in its order, and the one it asks to move to, if it says so. */
export function findModels(question: string): { named: string[]; to: string | null } {
  const named = [...new Set([...question.matchAll(MODEL_NAME)].map((match) => match[0].toLowerCase()))]
  const target = named.find((name) =>
    new RegExp(`\\b(?:to|on|with|onto|by|use|using|try)\\s+${name.replace(/[.]/g, '\\.')}(?![\\w-])`, 'i').test(
      question,
    ),
  )
  return { named, to: target ?? null }
}

/** The values of the data that a name means: the same, else those that contain it, else the one nearest to it. */
export function matchValues(name: string, values: readonly string[]): string[] {
  const plain = (text: string) => text.toLowerCase().replace(/[\s_.-]+/g, '')
  const wanted = plain(name)
  const exact = values.filter((value) => plain(value) === wanted)
  if (exact.length > 0) return exact
  const containing = values.filter((value) => wanted.length >= 3 && plain(value).includes(wanted))
  if (containing.length > 0) return containing
  const near = values.filter((value) => wanted.length >= 5 && editDistance(plain(value), wanted) <= 2)
  return near.slice(0, 1)
}
