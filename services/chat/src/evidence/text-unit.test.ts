import { describe, expect, test } from 'vitest'
import { TextUnits } from './text-unit.ts'

function cut(text: string): string[] {
  const units = new TextUnits()
  return [...units.push(text), ...units.end()].map((unit) => unit.text)
}

describe('TextUnits', () => {
  test.each([
    ['It is so. It is not.', ['It is so. ', 'It is not.']],
    ['Write `a. b` here. Then stop.', ['Write `a. b` here. ', 'Then stop.']],
    ['It cost {{a. b}} then. Stop.', ['It cost {{a. b}} then. ', 'Stop.']],
    ['Levers, e.g. batch, help. Stop.', ['Levers, e.g. batch, help. ', 'Stop.']],
    ['1. Route calls. Then look.\n2. Stop.', ['1. Route calls. ', 'Then look.\n', '2. Stop.']],
    ['| a. b | c |\n| d |\n', ['| a. b | c |\n', '| d |\n']],
    ['## Next. Steps\nGo.', ['## Next. Steps\n', 'Go.']],
    ['```js\na. b\n\nc\n```\nGo.', ['```js\na. b\n\nc\n```\n', 'Go.']],
  ])('cuts %j where a reader would', (text, units) => {
    expect(cut(text)).toEqual(units)
  })

  test('gives a unit as soon as nothing that follows can change it', () => {
    const units = new TextUnits()

    expect(units.push('It is so.')).toEqual([])
    expect(units.push(' ')).toEqual([])
    expect(units.push('And').map(({ text }) => text)).toEqual(['It is so. '])
    expect(units.push(' more\n').map(({ text }) => text)).toEqual(['And more\n'])
    expect(units.end()).toEqual([])
  })
})
