import { roundDecimal } from '@apex/protocol/figure-display'
import type { Json } from '@apex/protocol/text'
import { strings } from '../strings.ts'
import { words } from './query-lines.ts'

export type Row = Readonly<Record<string, Json>>

/** One column of a figure's rows. Numbers stand right with equal places, money carries its sign. */
export type RowColumn = { key: string; label: string; numeric: boolean; money: boolean; places: number }

const MONEY = /(^|_)(cost|usd|price|rate|saving|savings|spend)(_|$)/i
const DECIMAL = /^-?\d+(\.\d+)?$/

/** The columns of rows whose shape is not known beforehand, in the order their keys appear; names come first. */
export function rowColumns(rows: readonly Row[]): RowColumn[] {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const columns = keys.map((key) => {
    const values = rows.map((row) => row[key]).filter((value) => value !== null && value !== undefined)
    const numeric = values.length > 0 && values.every(isNumeric)
    const money = numeric && MONEY.test(key)
    return { key, label: columnLabel(key), numeric, money, places: numeric ? placesOf(values, money) : 0 }
  })
  return [...columns.filter(({ numeric }) => !numeric), ...columns.filter(({ numeric }) => numeric)]
}

/** A cell as text: grouped digits with its column's places, the dollar sign where it is money, a dash for unknown. */
export function cellText(value: Json | undefined, column: RowColumn): string {
  if (value === null || value === undefined) return '–'
  if (column.numeric) {
    const text = grouped(plainDecimal(value), column.places)
    return `${text.startsWith('-') ? '−' : ''}${column.money ? '$' : ''}${text.replace('-', '')}`
  }
  if (value === '') return strings.evidence.notGiven
  return plainText(value)
}

/** Rows as comma-separated values, for a spreadsheet. */
export function rowsToCsv(rows: readonly Row[]): string {
  const columns = rowColumns(rows)
  const line = (cells: string[]) => cells.map(csvCell).join(',')
  return [
    line(columns.map(({ key }) => key)),
    ...rows.map((row) => line(columns.map(({ key }) => csvValue(row[key])))),
  ].join('\r\n')
}

function csvValue(value: Json | undefined): string {
  return value === null || value === undefined ? '' : plainText(value)
}

function plainText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

// A cell that a spreadsheet would run as a formula is quoted as text.
function csvCell(text: string): string {
  const safe = /^[=+@\t]|^-(?!\d)/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function isNumeric(value: Json | undefined): boolean {
  return typeof value === 'number' || (typeof value === 'string' && DECIMAL.test(value))
}

function plainDecimal(value: Json): string {
  if (typeof value !== 'number') return typeof value === 'string' ? value : ''
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(10)))
}

function placesOf(values: readonly (Json | undefined)[], money: boolean): number {
  const decimals = values.map((value) => plainDecimal(value as Json))
  const places = Math.max(0, ...decimals.map((decimal) => significant(decimal).length))
  // Six places are enough to add up by eye; where everything is smaller than that, all of them.
  const tiny = decimals.every((decimal) => Math.abs(Number(decimal)) < 0.001)
  return Math.max(money ? 2 : 0, tiny ? places : Math.min(places, 6))
}

function grouped(decimal: string, places: number): string {
  const rounded = roundDecimal(decimal, places)
  const [whole = ''] = rounded.split('.')
  const digits = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return places > 0 ? `${digits}.${significant(rounded).padEnd(places, '0')}` : digits
}

/** The digits after the point, without zeros that say nothing. */
function significant(decimal: string): string {
  return (decimal.split('.')[1] ?? '').replace(/0+$/, '')
}

function columnLabel(key: string): string {
  const label = words(key)
    .replace(/\busd\b/i, 'USD')
    .replace(/\bid\b/i, 'ID')
  return label.charAt(0).toUpperCase() + label.slice(1)
}
