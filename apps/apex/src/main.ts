import { fileURLToPath } from 'node:url'
import { runApex } from './run-apex.ts'

process.exitCode = await runApex({
  args: process.argv.slice(2),
  env: process.env,
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  output: { out: (text) => void process.stdout.write(text), err: (text) => void process.stderr.write(text) },
})
// Everything has ended; a handle somebody forgot must not keep the process.
setTimeout(() => process.exit(), 2_000).unref()
