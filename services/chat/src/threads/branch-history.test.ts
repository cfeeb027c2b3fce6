import { describe, expect, test } from 'vitest'
import { branchHistory } from './branch-history.ts'

const node = (id: string, parentMessageId: string | null, author: 'user' | 'assistant', text: string | null = id) => ({
  id,
  parentMessageId,
  author,
  text,
})

describe('branchHistory', () => {
  const tree = [
    node('q1', null, 'user'),
    node('a1', 'q1', 'assistant'),
    node('q2', 'a1', 'user'),
    node('a2', 'q2', 'assistant', null),
    node('q3', 'a2', 'user'),
    node('q2b', 'a1', 'user'),
  ]

  test('follows the branch to its root and skips replies that never came', () => {
    expect(branchHistory(tree, 'q3').map((turn) => turn.text)).toEqual(['q1', 'a1', 'q2'])
  })

  test('knows nothing of other branches', () => {
    expect(branchHistory(tree, 'q2b').map((turn) => turn.text)).toEqual(['q1', 'a1'])
  })

  test('keeps the newest turns up to its limit, and ends in a circle', () => {
    expect(branchHistory(tree, 'q3', 2).map((turn) => turn.text)).toEqual(['a1', 'q2'])
    const circle = [node('x', 'y', 'user'), node('y', 'x', 'assistant')]
    expect(branchHistory(circle, 'x').map((turn) => turn.text)).toEqual(['y'])
  })
})
