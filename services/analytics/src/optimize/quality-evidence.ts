import { divideHalfEven } from '../exact/decimal.ts'
import type { FigureSet } from '../query/figure-set.ts'

// One-sided 5 % (1.644854) and power 80 % (0.841621), added and squared, in millionths.
const Z_SUM_SQUARED_MILLIONTHS = 6_182_557n
// On public MMLU answers of a strong and a weak model, exactly one of the two was right in 3,238 of 14,037 pairs.
const DISCORDANT = { part: 3_238n, whole: 14_037n }
const TOLERATED_LOSS_POINTS = 2n

/** How many paired answers certify that a cheaper model is at most two points worse, on data like MMLU. */
export function pairsNeeded(): bigint {
  const dividend = Z_SUM_SQUARED_MILLIONTHS * DISCORDANT.part * 10_000n
  const divisor = 1_000_000n * DISCORDANT.whole * TOLERATED_LOSS_POINTS * TOLERATED_LOSS_POINTS
  const rounded = divideHalfEven(dividend, divisor)
  return rounded * divisor < dividend ? rounded + 1n : rounded
}

/** Adds the figure that every statement about another model's quality quotes. */
export function addPairsNeeded(figures: FigureSet): void {
  figures.count({
    key: 'pairs-needed',
    label: 'Paired answers needed to certify quality',
    value: pairsNeeded(),
    formula:
      '(1.644854 + 0.841621)² × share of pairs in which exactly one model is right ÷ (tolerated loss)²; one-sided 5 %, power 80 %, at most 2 points worse, share from public MMLU answers, rounded up',
    rows: [{ pairs: Number(DISCORDANT.whole), exactly_one_right: Number(DISCORDANT.part), tolerated_loss: '0.02' }],
  })
}

/** The risk of every change of model: nothing here measures quality. */
export const QUALITY_UNKNOWN =
  'Not enough evidence on quality: nothing here measures the answers. Certifying that they are hardly worse takes about {{pairs-needed}} paired answers, of both models to the same prompts.'
