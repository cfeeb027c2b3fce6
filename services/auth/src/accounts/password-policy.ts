import { WeakPasswordError } from '../errors.ts'
import { commonWords } from './common-words.ts'

const minLength = 12
const maxLength = 128
const minDistinct = 5

// Longest first, so that "passwords" is read as one word before "pass" is tried.
const words = commonWords.toSorted((a, b) => b.length - a.length)
const substitutes: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}
const runs = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm']

/** Throws `WeakPasswordError` for a password outside 12 to 128 characters or easily guessed; `path` names its field. */
export function checkPassword(password: string, { email, path }: { email: string; path: string }): void {
  const reason = weakness(password, email)
  if (reason) throw new WeakPasswordError(reason, path)
}

function weakness(password: string, email: string): string | undefined {
  if (password.length < minLength) return `has fewer than ${minLength} characters`
  if (password.length > maxLength) return `has more than ${maxLength} characters`
  const lower = password.toLowerCase()
  if (new Set(lower).size < minDistinct) return 'repeats too few characters'
  const own = ownNames(email)
  const readAsLetters = lower.replaceAll(/[0134571@$!]/g, (each) => substitutes[each] ?? each)
  if (isGuessable(lower, own) || isGuessable(readAsLetters, own)) {
    return 'is made of common words, runs of keys or your own address'
  }
  return undefined
}

// Little is left once everything guessable is out; four words or more are a passphrase and pass.
function isGuessable(text: string, own: string[]): boolean {
  const { rest, removed } = strip(text, own)
  return new Set(rest).size < minDistinct && removed <= 3
}

function ownNames(email: string): string[] {
  return email
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part.length >= 3)
}

// What is left without common words, the person's own names, runs of keys, digits and decoration.
function strip(text: string, own: string[]): { rest: string; removed: number } {
  let rest = text
  let removed = 0
  const remove = (part: string) => {
    if (!rest.includes(part)) return
    rest = rest.replaceAll(part, ' ')
    removed += 1
  }
  for (const word of [...own, ...words]) remove(word)
  for (const run of runs) {
    for (let start = 0; start + 4 <= run.length; start += 1) {
      const part = run.slice(start, start + 4)
      remove(part)
      remove(part.split('').reverse().join(''))
    }
  }
  return { rest: rest.replaceAll(/[^\p{L}]/gu, ''), removed }
}
