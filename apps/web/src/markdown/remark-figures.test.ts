import { array, assert, constantFrom, property } from 'fast-check'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { Markdown } from './markdown.tsx'
import { type NumberedFigure, numberFigures } from './numbered-figures.ts'
import { sourceOffsets } from './source-map.ts'

/** Renders a text whose figures are written as [[claim:figure]]; each chip becomes <b claim number>. */
function render(marked: string): string {
  const { text, spans } = unmark(marked)
  const figures: NumberedFigure[] = numberFigures(spans)
  return renderToStaticMarkup(
    createElement(Markdown, {
      text,
      figures,
      figure: ({ claimId, number, children }) => createElement('mark', { id: `${claimId}-${number}` }, children),
    }),
  )
}

function unmark(marked: string) {
  const spans: { offset: number; length: number; claimId: string }[] = []
  let text = ''
  let done = 0
  for (const match of marked.matchAll(/\[\[([a-z-]+):(.+?)\]\]/g)) {
    text += marked.slice(done, match.index)
    spans.push({ offset: text.length, length: (match[2] as string).length, claimId: match[1] as string })
    text += match[2]
    done = match.index + match[0].length
  }
  return { text: text + marked.slice(done), spans }
}

describe('figures in Markdown', () => {
  test('stand in a chip of their own, numbered in reading order', () => {
    expect(render('It cost [[total:$48,124.40]] over [[calls:1,284 calls]].')).toBe(
      '<p>It cost <mark id="total-1">$48,124.40</mark> over <mark id="calls-2">1,284 calls</mark>.</p>',
    )
  })

  test('keep their first number when they are said again', () => {
    expect(render('[[a:$1]], [[b:$2]], [[a:$1]]')).toContain('<mark id="a-1">$1</mark></p>')
  })

  test('are found inside bold text, lists, tables, headings and links', () => {
    const html = render(
      '# [[a:$1]]\n\n**so [[b:$2]]**\n\n- one [[c:$3]]\n\n| x | y |\n| - | -: |\n| [[d:$4]] | [[e:$5]] |\n\n[see [[f:$6]]](https://example.com)',
    )
    for (const [index, id] of ['a', 'b', 'c', 'd', 'e', 'f'].entries()) {
      expect(html).toContain(`<mark id="${id}-${index + 1}">$${index + 1}</mark>`)
    }
  })

  test('are found after escapes, entities and inside code', () => {
    expect(render('1\\. a \\* b &amp; c &nbsp; [[a:$1]]')).toContain('<mark id="a-1">$1</mark>')
    expect(render('`sum [[a:$1]]`')).toContain('<code>sum </code><mark id="a-1">$1</mark>')
  })

  test('are found on the later lines of a quote and of a list item', () => {
    expect(render('> one\n> two [[a:$1]] three')).toContain('two <mark id="a-1">$1</mark> three')
    expect(render('- one\n  two [[a:$1]] three')).toContain('two <mark id="a-1">$1</mark> three')
  })

  test('keep the text around them whole, whatever it is', () => {
    const words = array(constantFrom('cost', '&', '<b>', '\\_', 'é', '😀', '100 %', '*', '~'), { maxLength: 6 })
    assert(
      property(words, words, (before, after) => {
        const text = `${before.join(' ')} $1.50 ${after.join(' ')}`.trim()
        const offset = text.indexOf('$1.50')
        const html = renderToStaticMarkup(
          createElement(Markdown, {
            text,
            figures: [{ offset, length: 5, claimId: 'a', number: 1 }],
            figure: ({ children }) => createElement('mark', null, children),
          }),
        )
        expect(html).toContain('<mark>$1.50</mark>')
      }),
    )
  })
})

describe('Markdown of a model', () => {
  test('loads no image from elsewhere and runs no HTML', () => {
    const html = render('![pixel](https://evil.test/x.png) <script>alert(1)</script> <img src=x onerror=alert(1)>')
    expect(html).not.toContain('<img')
    expect(html).not.toContain('<script')
    expect(html).not.toContain('evil.test')
  })

  test('drops links that would run code and opens the others without saying where from', () => {
    const html = render('[a](javascript:alert(1)) [b](https://example.com) [c](/sources)')
    expect(html).not.toContain('javascript:')
    expect(html).toContain('<a href="https://example.com" target="_blank" rel="noopener noreferrer nofollow">b</a>')
    expect(html).toContain('<a href="/sources">c</a>')
  })
})

test('maps a text without markers to its own offsets', () => {
  expect(sourceOffsets('ab cd', 0, 5, 'ab cd')).toEqual([0, 1, 2, 3, 4, 5])
})
