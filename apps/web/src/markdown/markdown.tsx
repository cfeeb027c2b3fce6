import { type ComponentProps, type JSX, memo, type ReactNode, useMemo } from 'react'
import ReactMarkdown, { type Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { ScrollRegion } from '../parts/scroll-region.tsx'
import { strings } from '../strings.ts'
import type { NumberedFigure } from './numbered-figures.ts'
import { FIGURE_ELEMENT, remarkFigures } from './remark-figures.ts'

/** Draws a figure of the text; `children` is the figure as printed. */
export type FigureRenderer = (figure: { claimId: string; number: number; children: ReactNode }) => JSX.Element

/**
 * A model's Markdown as safe elements: no HTML, no images from elsewhere, links that leave open a new tab without
 * telling where from. Figures become whatever `figure` draws.
 */
export const Markdown = memo(function Markdown({
  text,
  figures,
  figure,
}: {
  text: string
  figures: readonly NumberedFigure[]
  figure: FigureRenderer
}) {
  const components = useMemo(() => elements(figure), [figure])
  return (
    <ReactMarkdown
      remarkPlugins={[remarkGfm, [remarkFigures, { source: text, figures }]]}
      components={components}
      skipHtml
    >
      {text}
    </ReactMarkdown>
  )
})

function elements(figure: FigureRenderer): Components {
  const chip = ({ claimId, number, children }: { claimId: string; number: string; children?: ReactNode }) =>
    figure({ claimId, number: Number(number), children })
  return {
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
    [FIGURE_ELEMENT]: chip,
  } as Components
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
