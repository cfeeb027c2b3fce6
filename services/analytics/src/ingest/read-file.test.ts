import { gzipSync } from 'node:zlib'
import { ImportOptions } from '@apex/protocol/import'
import { describe, expect, test } from 'vitest'
import { loadPriceBook } from '../price-book/load-price-book.ts'
import type { Line } from './formats/line.ts'
import { ImportWriter } from './import-writer.ts'
import { readBytes } from './read-bytes.ts'
import { readFile } from './read-file.ts'
import { readLines } from './read-lines.ts'

async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
}

async function linesOf(bytes: Uint8Array, size = 7): Promise<{ lines: Line[]; damage: string | undefined }> {
  const file = readBytes(chunked(bytes, size))
  const lines: Line[] = []
  for await (const batch of readLines(file)) lines.push(...batch)
  return { lines, damage: file.damage?.kind }
}

const text = Array.from({ length: 5_000 }, (_, index) => `line ${index + 1} ${'x'.repeat(index % 50)} ü`).join('\n')

describe('a file', () => {
  test('gives the same lines plain, compressed and in several gzip members, whatever the chunks', async () => {
    const bytes = Buffer.from(text)
    const members = Buffer.concat([gzipSync(bytes.subarray(0, 1_001)), gzipSync(bytes.subarray(1_001))])
    const plain = await linesOf(bytes, 997)
    expect(plain.lines).toHaveLength(5_000)
    expect(plain.lines[4_321]).toEqual({ number: 4_322, text: text.split('\n')[4_321] })
    for (const [packed, size] of [
      [gzipSync(bytes), 13],
      [gzipSync(bytes), 100_000],
      [members, 61],
    ] as const) {
      expect(await linesOf(packed, size)).toEqual(plain)
    }
  })

  test('cut short in its gzip data still gives what came before, and says so', async () => {
    const packed = gzipSync(Buffer.from(text))
    const { lines, damage } = await linesOf(packed.subarray(0, Math.floor(packed.length / 2)), 1_000)
    expect(damage).toBe('truncated')
    expect(lines.length).toBeGreaterThan(1_000)
    expect(lines.length).toBeLessThan(5_000)
    expect(lines.at(-1)?.unterminated).toBe(true)
    expect(lines[999]?.text).toBe(text.split('\n')[999])
  })

  test('with a wrong checksum is corrupt', async () => {
    const packed = gzipSync(Buffer.from(text))
    packed[packed.length - 6]! ^= 0xff
    expect((await linesOf(packed)).damage).toBe('corrupt')
  })

  test('drops a byte order mark and carriage returns', async () => {
    expect((await linesOf(Buffer.from('\uFEFFa\r\nb\r\n'))).lines).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: 'b' },
    ])
  })

  test('marks a line that is too long and goes on after it', async () => {
    const { lines } = await linesOf(Buffer.from(`a\n${'y'.repeat(3_000_000)}\nb\n`), 65_536)
    expect(lines.map((line) => [line.number, line.tooLong ?? false, line.text.length])).toEqual([
      [1, false, 1],
      [2, true, 2_048],
      [3, false, 1],
    ])
  })

  test.each([Buffer.from('\uFEFFa', 'utf16le'), Buffer.from([1, 0, 2])])(
    'of another encoding is refused',
    async (bytes) => {
      await expect(linesOf(bytes)).rejects.toMatchObject({ code: 'unprocessable' })
    },
  )

  test('of a few bytes that inflates to many lines leaves the process to others between its chunks', async () => {
    const packed = gzipSync(Buffer.from(`timestamp,model,input_tokens\n${'\n'.repeat(2_000_000)}`))
    const nothing = async () => undefined
    const writer = new ImportWriter({
      insertCalls: nothing,
      reserve: async () => ({ added: new Set() }) as never,
      insertRejects: nothing,
      progress: nothing,
    })
    const book = await loadPriceBook()
    const startedMs = performance.now()
    const turns = [startedMs]
    const others = setInterval(() => turns.push(performance.now()), 1)
    const reading = readFile({
      source: chunked(packed, 65_536),
      options: ImportOptions.parse({}),
      book,
      writer,
      maxBytes: 1e9,
      signal: new AbortController().signal,
    })
    await expect(reading).rejects.toThrow('a header but no rows')
    clearInterval(others)
    const endedMs = performance.now()
    const waits = turns.map((turn, index) => (turns[index + 1] ?? endedMs) - turn)
    expect(Math.max(...waits)).toBeLessThan((endedMs - startedMs) / 3)
  })
})
