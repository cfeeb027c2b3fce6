import { type ComponentProps, createContext, memo, type ReactNode, use } from 'react'
import ReactMarkdown, { type Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { ScrollRegion } from '../parts/scroll-region.tsx'
import { strings } from '../strings.ts'
import type { NumberedFigure } from './numbered-figures.ts'
import { FIGURE_ELEMENT, remarkFigures } from './remark-figures.ts'

/** Draws a figure of the text; `children` is the figure as printed. */
export type FigureRenderer = (figure: { claimId: string; number: number; children: ReactNode }) => ReactNode

// Reached through a context so that the elements stay the same: another figure being open must not make all chips anew.
const DrawFigure = createContext<FigureRenderer>(({ children }) => children)

/**
 * A model's Markdown as safe elements: no HTML, no images from elsewhere, links that leave open a new tab without
 * telling where from. Figures become whatever `figure` draws.
 */
export function Markdown({
  text,
  figures,
  figure,
}: {
  text: string
  figures: readonly NumberedFigure[]
  figure: FigureRenderer
}) {
  return (
    <DrawFigure value={figure}>
      <MarkdownElements text={text} figures={figures} />
    </DrawFigure>
  )
}

const MarkdownElements = memo(function MarkdownElements({
  text,
  figures,
}: {
  text: string
  figures: readonly NumberedFigure[]
}) {
  return (
    <ReactMarkdown
      remarkPlugins={[remarkGfm, [remarkFigures, { source: text, figures }]]}
      components={ELEMENTS}
      skipHtml
    >
      {text}
    </ReactMarkdown>
  )
})

const ELEMENTS = {
  a: SafeLink,
  img: ({ alt }: ComponentProps<'img'>) => <span className="quiet">{strings.chat.answer.image(alt ?? '')}</span>,
  table: ({ children }: ComponentProps<'table'>) => (
    <ScrollRegion label={strings.chat.answer.table}>
      <table>{children}</table>
    </ScrollRegion>
  ),
  th: ({ children, style }: ComponentProps<'th'>) => (
    <th scope="col" className={style?.textAlign === 'right' ? 'n' : undefined}>
      {children}
    </th>
  ),
  td: ({ children, style }: ComponentProps<'td'>) => (
    <td className={style?.textAlign === 'right' ? 'n' : undefined}>{children}</td>
  ),
  [FIGURE_ELEMENT]: Figure,
} as Components

function Figure({ claimId, number, children }: { claimId: string; number: string; children?: ReactNode }) {
  const draw = use(DrawFigure)
  return draw({ claimId, number: Number(number), children })
}

function SafeLink({ href, children }: ComponentProps<'a'>) {
  if (!href) return <>{children}</>
  const inside = href.startsWith('/') || href.startsWith('#')
  return (
    <a href={href} {...(!inside && { target: '_blank', rel: 'noopener noreferrer nofollow' })}>
      {children}
    </a>
  )
}
