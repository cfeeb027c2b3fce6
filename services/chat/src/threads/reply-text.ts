import type { FigureSpan } from '@apex/protocol/claim'

/** One streamed piece of a reply; offsets of its figures count from the start of the piece. */
type Piece = { text: string; figures: readonly unknown[] }

/** The whole reply: pieces joined, figures moved to where they stand in the whole. */
export function joinPieces(pieces: readonly Piece[]): { text: string; figures: FigureSpan[] } {
  let text = ''
  const figures: FigureSpan[] = []
  for (const piece of pieces) {
    for (const figure of piece.figures as FigureSpan[]) figures.push({ ...figure, offset: figure.offset + text.length })
    text += piece.text
  }
  return { text, figures }
}
