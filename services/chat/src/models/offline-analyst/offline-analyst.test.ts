import { generateText, streamText, tool } from 'ai'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createOfflineAnalyst, OfflineAnalystError } from './offline-analyst.ts'

const brief = JSON.stringify({
  agent: 'triage',
  input: { question: 'Where does the money go?', history: [], now: '2026-07-02T09:41:00.000Z' },
  observed: [],
})
const tools = { give_result: tool({ inputSchema: z.looseObject({}), execute: async () => ({}) }) }

describe('the offline analyst', () => {
  const model = createOfflineAnalyst()

  test('is a model as the ai package knows it, whole and streamed', async () => {
    const whole = await generateText({ model, prompt: brief, tools })
    const streamed = streamText({ model, prompt: brief, tools })

    expect(whole.toolCalls[0]?.input).toMatchObject({ intents: ['where_money'] })
    expect((await streamed.toolCalls)[0]?.input).toEqual(whole.toolCalls[0]?.input)
    expect(await streamed.text).toBe(whole.text)
  })

  test('uses no tokens', async () => {
    const { usage } = await generateText({ model, prompt: brief, tools })

    expect(usage).toMatchObject({ inputTokens: 0, outputTokens: 0 })
  })

  test('refuses to be anything but an agent of this product', async () => {
    const other = JSON.stringify({ agent: 'poet', input: {}, observed: [] })

    await expect(generateText({ model, prompt: other, maxRetries: 0 })).rejects.toThrow(OfflineAnalystError)
  })
})
