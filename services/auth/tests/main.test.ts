import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { testDatabase } from '@apex/kit/testing/test-database'
import { waitFor } from '@apex/kit/testing/wait-for'
import { expect, onTestFinished, test } from 'vitest'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, [main], { env: { ...env, PATH: process.env['PATH'] ?? '' } })
  onTestFinished(() => void child.kill('SIGKILL'))
  const output = { text: '' }
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output.text += String(chunk)))
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  return { child, output, exited }
}

test('runs alone on its port and ends in order when told to', async () => {
  const { url } = await testDatabase()
  const { child, output, exited } = start({
    AUTH_DATABASE_URL: url,
    AUTH_SECRET: 'x5Jq0-test-Zw8Ld2Rm6Vb1Ny4Kp7Tg9Hc3',
    AUTH_PUBLIC_ORIGINS: 'http://localhost:8000',
    AUTH_PORT: '0',
  })
  const port = await waitFor(() => /"port":(\d+)/.exec(output.text)?.[1], { timeoutMs: 15_000, what: 'listening' })
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/auth/jwks.json`)

  expect(await response.json()).toMatchObject({ keys: [{ alg: 'ES256', use: 'sig' }] })
  child.kill('SIGTERM')
  expect(await exited).toBe(0)
})

test('names every problem of its settings and exits with 3, without showing a value', async () => {
  const { output, exited } = start({ AUTH_SECRET: 'hunter2', AUTH_PORT: 'eighty' })

  expect(await exited).toBe(3)
  for (const name of ['AUTH_DATABASE_URL', 'AUTH_SECRET', 'AUTH_PUBLIC_ORIGINS', 'AUTH_PORT'])
    expect(output.text).toContain(name)
  expect(output.text).not.toMatch(/hunter2|eighty/)
})
