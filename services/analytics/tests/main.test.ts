import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { testClickhouse } from '@apex/kit/testing/test-clickhouse'
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
  const clickhouse = await testClickhouse()
  const { child, output, exited } = start({
    ANALYTICS_DATABASE_URL: url,
    ANALYTICS_CLICKHOUSE_URL: clickhouse.url,
    ANALYTICS_CLICKHOUSE_DATABASE: clickhouse.database,
    ANALYTICS_AUTH_URL: 'http://127.0.0.1:9',
    ANALYTICS_CHAT_URL: 'http://127.0.0.1:9',
    ANALYTICS_INTERNAL_SECRET: 'x5Jq0-test-Zw8Ld2Rm6Vb1Ny4Kp7Tg9Hc3',
    ANALYTICS_PORT: '0',
  })
  const port = await waitFor(() => /"port":(\d+)/.exec(output.text)?.[1], { timeoutMs: 30_000, what: 'listening' })
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/imports`)

  expect(await response.json()).toMatchObject({ code: 'unauthenticated' })
  child.kill('SIGTERM')
  expect(await exited).toBe(0)
}, 60_000)

test('names every problem of its settings and exits with 3, without showing a value', async () => {
  const { output, exited } = start({ ANALYTICS_INTERNAL_SECRET: 'hunter2', ANALYTICS_PORT: 'eighty' })

  expect(await exited).toBe(3)
  const names = ['DATABASE_URL', 'CLICKHOUSE_URL', 'AUTH_URL', 'CHAT_URL', 'INTERNAL_SECRET', 'PORT']
  for (const name of names) expect(output.text).toContain(`ANALYTICS_${name}`)
  expect(output.text).not.toMatch(/hunter2|eighty/)
})
