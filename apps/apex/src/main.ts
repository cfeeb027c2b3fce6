import { fileURLToPath } from 'node:url'
import { runApex } from './run-apex.ts'

// Whoever read the progress may have stopped reading, which is no reason for a server to end.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

process.exitCode = await runApex({
  args: process.argv.slice(2),
  env: process.env,
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  output: { out: (text) => void process.stdout.write(text), err: (text) => void process.stderr.write(text) },
})
// Everything has ended; a handle somebody forgot must not keep the process.
setTimeout(() => process.exit(), 2_000).unref()
