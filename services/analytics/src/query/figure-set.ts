import type { Figure } from '@apex/protocol/figure'
import type { Unit } from '@apex/protocol/unit'
import { quotientText } from '../exact/decimal.ts'
import { usdOfPico } from '../exact/money.ts'

type Rows = Figure['rows']

export type FigureSpec = {
  key: string
  label: string
  /** Exact decimal text; a figure without a value is left out, because unknown is not zero. */
  value: string | undefined
  unit: Unit
  /** Decimal places shown; by default what suits unit and size. */
  places?: number
  formula: string
  rows?: Rows
  /** How many rows there are when not all are given. */
  rowCount?: number
}

const SHOWN_ROWS = 20

/** The figures of one answer, by key. */
export class FigureSet {
  readonly #figures = new Map<string, Figure>()

  add({ key, label, value, unit, places, formula, rows = [], rowCount = rows.length }: FigureSpec): this {
    if (value === undefined) return this
    const rounding = { places: places ?? placesFor(unit, value) }
    this.#figures.set(key, { key, label, value, unit, rounding, formula, rows: rows.slice(0, SHOWN_ROWS), rowCount })
    return this
  }

  usd(spec: Omit<FigureSpec, 'value' | 'unit'> & { pico: bigint | undefined; unit?: Unit }): this {
    const { pico, unit = 'USD', ...rest } = spec
    return this.add({ ...rest, unit, value: pico === undefined ? undefined : usdOfPico(pico) })
  }

  ratio(spec: Omit<FigureSpec, 'value' | 'unit'> & { part: bigint; whole: bigint; unit?: Unit }): this {
    const { part, whole, unit = 'ratio', ...rest } = spec
    return this.add({ ...rest, unit, value: quotientText(part, whole) })
  }

  count(spec: Omit<FigureSpec, 'value' | 'unit'> & { value: number | bigint; unit?: Unit }): this {
    const { value, unit = 'count', ...rest } = spec
    return this.add({ ...rest, unit, value: value.toString() })
  }

  has(key: string): boolean {
    return this.#figures.has(key)
  }

  get(key: string): Figure | undefined {
    return this.#figures.get(key)
  }

  list(): Figure[] {
    return [...this.#figures.values()]
  }
}

/** As many places as a person reads: cents for dollars, and for less than a dollar the first two digits that count. */
export function placesFor(unit: Unit, value: string): number {
  if (unit.startsWith('USD')) return moneyPlaces(value)
  if (unit === 'ratio') return 1
  if (unit === 'multiple') return 2
  return unit === 'days' || unit === 'seconds' || unit === 'calls/min' ? 1 : 0
}

function moneyPlaces(value: string): number {
  const [whole = '0', fraction = ''] = value.replace('-', '').split('.')
  if (/[1-9]/.test(whole) || !/[1-9]/.test(fraction)) return 2
  return Math.max(2, Math.min(8, fraction.search(/[1-9]/) + 2))
}
