import { expect, test } from 'vitest'
import { figureLink, figureParam, invitationLink, parseFigureParam, safeNext } from './paths.ts'

const figure = { runId: '01990000-0000-7000-8000-000000000001', claimId: 'share-of-cost' }

test('a figure in an address is the figure that was put there', () => {
  expect(parseFigureParam(figureParam(figure))).toEqual(figure)
  expect(figureLink('https://apex.test', 't', figure)).toBe(`https://apex.test/chat/t?figure=${figureParam(figure)}`)
})

test('anything else in its place is no figure', () => {
  for (const value of [undefined, '', 'x.y', `${figure.runId}.`, `${figure.runId}.a"]`]) {
    expect(parseFigureParam(value)).toBeUndefined()
  }
})

test('an invitation keeps its token out of what servers log', () => {
  expect(new URL(invitationLink('https://apex.test', 'secret')).hash).toBe('#secret')
})

test('signing in leads only to pages of this app', () => {
  expect(safeNext('/sources?x=1')).toBe('/sources?x=1')
  for (const next of ['//evil.test', '/\\evil.test', 'https://evil.test', undefined, 4])
    expect(safeNext(next)).toBe('/chat')
})
