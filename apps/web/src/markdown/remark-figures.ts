import type { NumberedFigure } from './numbered-figures.ts'
import { sourceOffsets } from './source-map.ts'

/** The part of a Markdown tree's node that matters here. */
type MarkdownNode = {
  type: string
  value?: string
  children?: MarkdownNode[]
  position?: { start: { offset?: number }; end: { offset?: number } }
  data?: Record<string, unknown>
}

/** The element a figure becomes; its attributes are what the renderer needs to draw a chip. */
export const FIGURE_ELEMENT = 'figure-chip'

/** A remark plugin that puts each figure span of the source into an element of its own, wherever it stands. */
export function remarkFigures({ source, figures }: { source: string; figures: readonly NumberedFigure[] }) {
  return (tree: MarkdownNode) => {
    if (figures.length > 0) visit(tree, source, figures)
  }
}

function visit(parent: MarkdownNode, source: string, figures: readonly NumberedFigure[]) {
  if (!parent.children) return
  parent.children = parent.children.flatMap((child) => {
    if (child.type === 'text' || child.type === 'inlineCode') return splitNode(child, source, figures)
    visit(child, source, figures)
    return [child]
  })
}

function splitNode(node: MarkdownNode, source: string, figures: readonly NumberedFigure[]): MarkdownNode[] {
  const { value = '', position } = node
  const start = position?.start.offset ?? 0
  const end = position?.end.offset ?? 0
  const inside = figures.filter((figure) => figure.offset < end && figure.offset + figure.length > start)
  if (inside.length === 0) return [node]
  // The ticks around code are in the source only; skipping them keeps a tick inside from being taken for one.
  const ticks = node.type === 'inlineCode' ? (/^`+/.exec(source.slice(start, end))?.[0].length ?? 0) : 0
  const offsets = sourceOffsets(source, start + ticks, end, value)
  const pieces: MarkdownNode[] = []
  let done = 0
  for (const figure of inside) {
    const from = Math.max(done, indexAt(offsets, figure.offset))
    const to = Math.min(value.length, indexAt(offsets, figure.offset + figure.length))
    if (to <= from) continue
    if (from > done) pieces.push({ type: node.type, value: value.slice(done, from) })
    pieces.push(chip(figure, value.slice(from, to)))
    done = to
  }
  if (done < value.length) pieces.push({ type: node.type, value: value.slice(done) })
  return pieces
}

function indexAt(offsets: readonly number[], offset: number): number {
  const index = offsets.findIndex((at) => at >= offset)
  return index === -1 ? offsets.length - 1 : index
}

function chip(figure: NumberedFigure, value: string): MarkdownNode {
  const hProperties = { claimId: figure.claimId, number: String(figure.number) }
  return { type: 'emphasis', children: [{ type: 'text', value }], data: { hName: FIGURE_ELEMENT, hProperties } }
}
