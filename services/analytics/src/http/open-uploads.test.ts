import { describe, expect, test } from 'vitest'
import { uploadedBytes } from './open-uploads.ts'

describe('the bytes of a request', () => {
  test('are read to their end when they are refused early, so that its connection can be used again', async () => {
    const ended = Promise.withResolvers<string>()
    let left = 5
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          left -= 1
          if (left >= 0) return controller.enqueue(new Uint8Array(10))
          controller.close()
          ended.resolve('read')
        },
        cancel: () => ended.resolve('cancelled'),
      },
      { highWaterMark: 0 },
    )
    for await (const chunk of uploadedBytes(body, new AbortController().signal)) {
      expect(chunk).toHaveLength(10)
      break
    }
    expect(await ended.promise).toBe('read')
  })
})
