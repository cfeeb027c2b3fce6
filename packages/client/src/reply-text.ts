import type { FigureSpan } from '@apex/protocol/claim'
import { type Origin, sameOrigin } from './origin.ts'

type Segment = { origin: Origin; text: string; figures: readonly FigureSpan[] }

/** The reply as it stands: text and figures of the attempts that count, with offsets into the whole text. */
export type ReplyText = {
  text: string
  figures: readonly FigureSpan[]
  segments: readonly Segment[]
}

export const EMPTY_REPLY: ReplyText = { text: '', figures: [], segments: [] }

/** Adds a piece whose figures count from its own start. */
export function appendText(reply: ReplyText, piece: Segment): ReplyText {
  const last = reply.segments.at(-1)
  const joins = last !== undefined && sameOrigin(last.origin, piece.origin)
  const segments = joins
    ? [...reply.segments.slice(0, -1), joinPieces(last, piece)]
    : [...reply.segments, { origin: piece.origin, text: piece.text, figures: [...piece.figures] }]
  return {
    text: reply.text + piece.text,
    figures: appendFigures(reply.figures, piece.figures, reply.text.length),
    segments,
  }
}

/** Takes out every piece of one attempt; offsets of what follows move up. */
export function withdrawText(reply: ReplyText, origin: Origin): ReplyText {
  const kept = reply.segments.filter((segment) => !sameOrigin(segment.origin, origin))
  if (kept.length === reply.segments.length) return reply
  return kept.reduce(appendText, EMPTY_REPLY)
}

function joinPieces(first: Segment, second: Segment): Segment {
  return {
    origin: first.origin,
    text: first.text + second.text,
    figures: appendFigures(first.figures, second.figures, first.text.length),
  }
}

function appendFigures(before: readonly FigureSpan[], after: readonly FigureSpan[], by: number): readonly FigureSpan[] {
  if (after.length === 0) return before
  return [...before, ...after.map((figure) => ({ ...figure, offset: figure.offset + by }))]
}
