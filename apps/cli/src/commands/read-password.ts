import type { Readable } from 'node:stream'
import { CommandError, EXIT } from '../exit.ts'
import type { Terminal } from '../terminal.ts'

const ENTER = new Set(['\r', '\n', '\u0004'])
const BACKSPACE = new Set(['\u007F', '\b'])
const CTRL_C = '\u0003'

/** Asks for a password on a terminal; nothing of it is shown. */
export async function readPassword({ stderr, stdin }: Terminal): Promise<string> {
  if (stdin.isTTY !== true || !stdin.setRawMode) {
    throw new CommandError(EXIT.usage, 'There is no terminal to ask for the password on. Give it with --password-stdin')
  }
  // Before the prompt: who answers quickly must not see the answer either.
  stdin.setRawMode(true)
  stderr.write('Password: ')
  try {
    return await readHidden(stdin)
  } finally {
    stdin.setRawMode(false)
    stdin.pause()
    stderr.write('\n')
  }
}

/** The first line of a stream; its line end is not part of the password. */
export async function readPasswordFrom(stdin: Readable): Promise<string> {
  let text = ''
  for await (const chunk of stdin) {
    text += String(chunk)
    if (text.includes('\n')) break
  }
  const [password = ''] = text.split(/\r?\n/, 1)
  if (password === '') throw new CommandError(EXIT.usage, 'Standard input holds no password.')
  return password
}

function readHidden(stdin: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    let password = ''
    const end = (settle: () => void) => {
      stdin.off('data', read)
      settle()
    }
    const read = (chunk: Buffer | string) => {
      for (const key of chunk.toString()) {
        if (key === CTRL_C) return end(() => reject(new CommandError(EXIT.failed, 'Not logged in.')))
        if (ENTER.has(key)) return end(() => resolve(password))
        password = BACKSPACE.has(key) ? password.slice(0, -1) : password + key
      }
    }
    stdin.on('data', read)
    stdin.resume()
  })
}
