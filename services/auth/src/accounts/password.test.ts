import { describe, expect, test } from 'vitest'
import { PasswordHasher } from './password-hasher.ts'
import { checkPassword } from './password-policy.ts'

function accepts(password: string): boolean {
  try {
    checkPassword(password, { email: 'maria.lopez@netra.example', path: 'body.password' })
    return true
  } catch {
    return false
  }
}

describe('checkPassword', () => {
  test.each([
    'short-one',
    'x'.repeat(129),
    'aaaaaaaaaaaaaaaa',
    '123456789012',
    'password1234',
    'P@ssw0rd2024!',
    'Welcome-Summer-2025',
    'qwertyuiop123',
    'lkjhgfdsa-0987',
    'maria.lopez-1990',
    'correcthorsebatterystaple',
    'iloveyou-iloveyou',
  ])('refuses %s', (password) => {
    expect(accepts(password)).toBe(false)
  })

  test.each([
    'mauve-lantern-quartz-47',
    'tr0ub4dor&3xylophone',
    'mein-hund-frisst-gelbe-socken',
    'k3Jx91vQz0pLmW8s',
    'пароль длинный 7 слов',
  ])('accepts %s', (password) => {
    expect(accepts(password)).toBe(true)
  })
})

describe('PasswordHasher', () => {
  test('verifies its own hashes and nothing else', async () => {
    const hasher = new PasswordHasher()
    const hashed = await hasher.hash('mauve-lantern-quartz-47')

    expect(await hasher.verify(hashed, 'mauve-lantern-quartz-47')).toBe(true)
    expect(await hasher.verify(hashed, 'mauve-lantern-quartz-48')).toBe(false)
  })

  test('answers busy beyond its queue and serves the rest', async () => {
    const hasher = new PasswordHasher({ maxConcurrent: 1, maxQueued: 2 })
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => hasher.hash('mauve-lantern-quartz-47')))

    expect(results.map((each) => each.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected'])
    expect(results[3]).toMatchObject({ reason: { code: 'busy', retryable: true } })
  })
})
