import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import type { Terminal } from '../terminal.ts'
import { readPassword, readPasswordFrom } from './read-password.ts'

/** A terminal that keeps, in order, what is done to it. */
function stage() {
  const done: string[] = []
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (raw: boolean) => done.push(raw ? 'hide' : 'show'),
  })
  const stderr = new PassThrough()
  stderr.on('data', (chunk: Buffer) => done.push(chunk.toString()))
  const terminal = { stdin, stderr } as unknown as Terminal
  return { done, stdin, terminal }
}

describe('readPassword', () => {
  test('hides what is typed before it asks and shows typing again afterwards', async () => {
    const { done, stdin, terminal } = stage()

    const password = readPassword(terminal)
    stdin.write('secreX')
    stdin.write('\u007Ft\r')

    expect(await password).toBe('secret')
    expect(done).toEqual(['hide', 'Password: ', 'show', '\n'])
  })

  test('ends at Ctrl-C with typing shown again', async () => {
    const { done, stdin, terminal } = stage()

    const password = readPassword(terminal)
    stdin.write('sec\u0003')

    await expect(password).rejects.toMatchObject({ exitCode: 1 })
    expect(done).toContain('show')
  })
})

describe('readPasswordFrom', () => {
  test('takes the first line without its end, and refuses nothing', async () => {
    expect(await readPasswordFrom(PassThrough.from(['pass ', 'word\r\nmore']))).toBe('pass word')
    await expect(readPasswordFrom(PassThrough.from([]))).rejects.toMatchObject({ exitCode: 2 })
  })
})
