import type { Rounding } from './figure.ts'
import type { Unit } from './unit.ts'

const SUFFIX: Record<Unit, string> = {
  USD: '',
  'USD/call': ' per call',
  'USD/Mtok': ' per million tokens',
  'USD/day': ' per day',
  'USD/month': ' per month',
  tokens: ' tokens',
  'tokens/call': ' tokens per call',
  calls: ' calls',
  'calls/min': ' calls per minute',
  ratio: ' %',
  multiple: '×',
  seconds: ' s',
  days: ' days',
  count: '',
}

const SINGULAR: Partial<Record<Unit, string>> = {
  tokens: ' token',
  'tokens/call': ' token per call',
  calls: ' call',
  'calls/min': ' call per minute',
  days: ' day',
}

/** The value as people read it: `$1,234.56`, `30.4 %`, `19,366 calls`; exact half-up rounding, no floats. */
export function displayFigure(value: string, unit: Unit, rounding: Rounding): string {
  const shown = unit === 'ratio' ? shiftPoint(value, 2) : value
  const rounded = roundDecimal(shown, rounding.places)
  const negative = rounded.startsWith('-')
  const [whole = '0', fraction] = (negative ? rounded.slice(1) : rounded).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  const number = fraction === undefined ? grouped : `${grouped}.${fraction}`
  const suffix = number === '1' ? (SINGULAR[unit] ?? SUFFIX[unit]) : SUFFIX[unit]
  return `${negative ? '−' : ''}${unit.startsWith('USD') ? '$' : ''}${number}${suffix}`
}

/** Rounds a decimal string half away from zero to `places` digits after the point. */
export function roundDecimal(value: string, places: number): string {
  const negative = value.startsWith('-')
  const [whole = '0', fraction = ''] = (negative ? value.slice(1) : value).split('.')
  const digits = BigInt(whole + fraction.padEnd(places, '0').slice(0, places))
  const up = (fraction[places] ?? '0') >= '5' ? 1n : 0n
  const text = (digits + up).toString().padStart(places + 1, '0')
  const body = places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`
  return negative && /[1-9]/.test(body) ? `-${body}` : body
}

function shiftPoint(value: string, by: number): string {
  const negative = value.startsWith('-')
  const [whole = '0', fraction = ''] = (negative ? value.slice(1) : value).split('.')
  const padded = fraction.padEnd(by, '0')
  const moved = `${whole}${padded.slice(0, by)}`.replace(/^0+(?=\d)/, '')
  const rest = padded.slice(by)
  return `${negative ? '-' : ''}${moved}${rest ? `.${rest}` : ''}`
}
