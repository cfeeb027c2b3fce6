import { describe, expect, test } from 'vitest'
import { createDrafts } from './drafts.ts'

/** The part of the browser's storage that drafts use; entries are own keys, as there. */
function memoryStorage(limit = Number.POSITIVE_INFINITY): Storage {
  const storage = Object.create({
    getItem: (key: string) => (storage as Record<string, string>)[key] ?? null,
    removeItem: (key: string) => void delete (storage as Record<string, string>)[key],
    setItem(key: string, value: string) {
      if (value.length > limit) throw new Error('full')
      ;(storage as Record<string, string>)[key] = value
    },
  }) as Storage
  return storage
}

describe('drafts', () => {
  test('are kept by thread and survive a reload', () => {
    const storage = memoryStorage()
    const drafts = createDrafts(storage, 'org.user')
    drafts.write('a', 'half a question')
    drafts.write('b', 'another')
    const reloaded = createDrafts(storage, 'org.user')
    expect([reloaded.read('a'), reloaded.read('b'), reloaded.read('c')]).toEqual(['half a question', 'another', ''])
  })

  test('of another person are not shown', () => {
    const storage = memoryStorage()
    createDrafts(storage, 'org.one').write('a', 'secret')
    expect(createDrafts(storage, 'org.two').read('a')).toBe('')
  })

  test('leave nothing behind once they are sent', () => {
    const storage = memoryStorage()
    const drafts = createDrafts(storage, 'org.user')
    drafts.write('a', 'text')
    drafts.write('a', '')
    expect(Object.keys(storage)).toEqual([])
  })

  test('drop the least recently written beyond fifty', () => {
    let now = 0
    const drafts = createDrafts(memoryStorage(), 'org.user', () => ++now)
    for (let index = 0; index <= 50; index++) drafts.write(`t${index}`, 'text')
    expect(drafts.read('t0')).toBe('')
    expect(drafts.read('t1')).toBe('text')
  })

  test('still work while storage is denied', () => {
    const drafts = createDrafts(undefined, 'org.user')
    drafts.write('a', 'text')
    expect(drafts.read('a')).toBe('text')
  })
})
