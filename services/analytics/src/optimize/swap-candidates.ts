import type { BookModel } from '../price-book/book-model.ts'
import type { PriceBook } from '../price-book/price-book.ts'
import { CATALOGUE, type CatalogueModel, findInCatalogue, stepsDown } from './model-catalogue.ts'

/** A model that may stand in for another. */
export type Candidate = { name: string; entry: BookModel; sameProvider: boolean; steps: number; reasons: boolean }

export type CandidateOptions = {
  book: PriceBook
  /** The price book's entry of the model in use. */
  from: BookModel
  /** Input and output of the largest call. */
  largestCallTokens: number
  /** What a candidate would cost for the same tokens, in pico-dollars; undefined when it has no rate for them. */
  costOf: (entry: BookModel) => bigint | undefined
  currentCost: bigint
}

const PER_STEP = 2
const ELSEWHERE = 2

/**
 * Cheaper models of comparable generation and at most two steps smaller whose context fits the largest call: the two
 * cheapest of each step at the same provider, and one each of at most two other makers.
 */
export function swapCandidates(options: CandidateOptions): Candidate[] {
  const { book, from } = options
  const known = findInCatalogue(from.model)
  if (!known) return cheaperAtProvider(options)
  const comparable = CATALOGUE.filter((each) => isComparable(known, each))
  const here = comparable
    .filter((each) => each.maker === known.maker)
    .flatMap((each) => candidate(options, { known, each, provider: from.provider }))
  const bySteps = [0, 1, 2].flatMap((steps) =>
    cheapest(
      options,
      here.filter((each) => each.steps === steps),
    ).slice(0, PER_STEP),
  )
  const makers = [...new Set(CATALOGUE.map((each) => each.maker))].filter((maker) => maker !== known.maker)
  const elsewhere = makers.flatMap((maker) => {
    const theirs = comparable.filter((each) => each.maker === maker && stepsDown(known, each) === 0)
    const found = theirs.flatMap((each) => candidate(options, { known, each, provider: maker }))
    return cheapest({ ...options, book }, found).slice(0, 1)
  })
  return [...bySteps, ...elsewhere.slice(0, ELSEWHERE)]
}

function isComparable(from: CatalogueModel, to: CatalogueModel): boolean {
  const steps = stepsDown(from, to)
  // A model that reasons writes more for the same answer, so equal tokens would flatter it.
  return to.model !== from.model && to.year >= from.year && steps >= 0 && steps <= 2 && (from.reasons || !to.reasons)
}

type Asked = { known: CatalogueModel; each: CatalogueModel; provider: string }

function candidate(options: CandidateOptions, { known, each, provider }: Asked): Candidate[] {
  const lookup = options.book.find(provider, each.model)
  if (!lookup.found || !fits(lookup.model, options)) return []
  const sameProvider = provider === options.from.provider
  return [{ name: each.model, entry: lookup.model, sameProvider, steps: stepsDown(known, each), reasons: each.reasons }]
}

// For a model the catalogue does not know, whatever its provider sells for less, the nearest in price first.
function cheaperAtProvider(options: CandidateOptions): Candidate[] {
  const { book, from } = options
  const found = book
    .search(`${from.provider}/`)
    .filter((entry) => entry.provider === from.provider && entry.model !== from.model && !entry.deprecated)
    .filter((entry) => entry.contextTokens !== undefined && fits(entry, options))
    .map((entry) => ({ name: entry.model, entry, sameProvider: true, steps: 1, reasons: false }))
  return cheapest(options, found).reverse().slice(0, PER_STEP)
}

function fits(entry: BookModel, { largestCallTokens }: CandidateOptions): boolean {
  return !entry.deprecated && (entry.contextTokens === undefined || entry.contextTokens >= largestCallTokens)
}

function cheapest({ costOf, currentCost }: CandidateOptions, candidates: readonly Candidate[]): Candidate[] {
  return candidates
    .flatMap((each) => {
      const cost = costOf(each.entry)
      return cost === undefined || cost >= currentCost ? [] : [{ each, cost }]
    })
    .sort((a, b) => (a.cost < b.cost ? -1 : a.cost > b.cost ? 1 : 0))
    .map(({ each }) => each)
}
