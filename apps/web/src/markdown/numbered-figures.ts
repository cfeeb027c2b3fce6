import type { FigureSpan } from '@apex/protocol/claim'

/** A figure of a text with the number it is shown under. */
export type NumberedFigure = FigureSpan & { number: number }

/** Gives figures numbers in reading order, from `first` on; the same claim keeps the number it got first. */
export function numberFigures(spans: readonly FigureSpan[], first = 1): NumberedFigure[] {
  const numbers = new Map<string, number>()
  return spans
    .toSorted((a, b) => a.offset - b.offset)
    .map((span) => {
      const number = numbers.get(span.claimId) ?? first + numbers.size
      numbers.set(span.claimId, number)
      return { ...span, number }
    })
}
