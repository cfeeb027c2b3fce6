import { describe, expect, test } from 'vitest'
import { bindPageEvents } from './page-events.ts'

describe('bindPageEvents', () => {
  test('tells the session about the network and about being seen again, until it is ended', () => {
    const told: string[] = []
    const window = new EventTarget()
    const document = Object.assign(new EventTarget(), { visibilityState: 'hidden' })
    const session = {
      setOnline: (online: boolean) => told.push(online ? 'online' : 'offline'),
      wake: () => told.push('wake'),
    }

    const unbind = bindPageEvents(session, { window, document })
    window.dispatchEvent(new Event('offline'))
    window.dispatchEvent(new Event('online'))
    document.dispatchEvent(new Event('visibilitychange'))
    document.visibilityState = 'visible'
    document.dispatchEvent(new Event('visibilitychange'))
    unbind()
    window.dispatchEvent(new Event('offline'))

    expect(told).toEqual(['offline', 'online', 'wake'])
  })
})
