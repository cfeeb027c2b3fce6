import { hasColour, type Terminal } from '../terminal.ts'

/** Marks text for the eye; every mark is nothing where the output is not a terminal. */
export type Style = Record<'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'strike', (text: string) => string>

const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  strike: [9, 29],
} as const

export function createStyle(terminal: Pick<Terminal, 'stdout' | 'env'>): Style {
  const colour = hasColour(terminal)
  const mark = (name: keyof typeof CODES) => (text: string) => {
    const [on, off] = CODES[name]
    return colour ? `\u001B[${on}m${text}\u001B[${off}m` : text
  }
  return {
    bold: mark('bold'),
    dim: mark('dim'),
    red: mark('red'),
    green: mark('green'),
    yellow: mark('yellow'),
    blue: mark('blue'),
    strike: mark('strike'),
  }
}

// A model's or a file's text may hold control sequences that would move the cursor or recolour the terminal.
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g

/** Text from elsewhere, made safe to print. */
export function printable(text: string): string {
  return text.replace(CONTROL, '\uFFFD')
}

/** The same on one line. */
export function oneLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim()
}

/** A length of time as people read it: 41 ms, 3.4 s, 2 min 5 s. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`
}
