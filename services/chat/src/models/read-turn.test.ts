import type { LanguageModelV4StreamPart } from '@ai-sdk/provider'
import { describe, expect, test } from 'vitest'
import { ScriptedModel } from '../agents/testing/scripted-model.ts'
import { ModelFailedError, readTurn } from './read-turn.ts'

const prompt = { prompt: [] }
const signal = new AbortController().signal

/** A model whose stream is exactly these parts. */
function modelOf(parts: LanguageModelV4StreamPart[]): ScriptedModel {
  const model = new ScriptedModel([])
  model.doStream = async () => ({ stream: ReadableStream.from(parts) })
  return model
}

function read(model: ScriptedModel, options: Partial<Parameters<typeof readTurn>[0]> = {}) {
  return readTurn({ model, call: prompt, signal, stepMs: 60_000, ...options })
}

describe('readTurn', () => {
  test('gives text, calls and usage whole, and the text in pieces as it comes', async () => {
    const pieces: string[] = []
    const model = new ScriptedModel([{ text: ['It ', 'is.'], calls: [{ tool: 'look', input: { at: 'it' } }] }])

    const turn = await read(model, { onText: async (delta) => void pieces.push(delta) })

    expect(pieces).toEqual(['It ', 'is.'])
    expect(turn.parts).toMatchObject([
      { type: 'text', text: 'It is.' },
      { type: 'tool-call', toolName: 'look', input: '{"at":"it"}' },
    ])
    expect(turn.usage).toEqual({
      provider: 'scripted',
      model: 'scripted-model',
      inputTokens: 10,
      outputTokens: 5,
      costUsd: null,
    })
  })

  test('keeps what a provider wants to see again', async () => {
    const providerMetadata = { google: { thoughtSignature: 'abc' } }
    const turn = await read(
      modelOf([
        { type: 'reasoning-start', id: 'r' },
        { type: 'reasoning-delta', id: 'r', delta: 'Hm.' },
        { type: 'reasoning-end', id: 'r', providerMetadata },
        finish('stop'),
      ]),
    )

    expect(turn.parts).toEqual([{ type: 'reasoning', text: 'Hm.', providerOptions: providerMetadata }])
  })

  test.each([
    ['an error part', [{ type: 'error', error: new Error('overloaded') }]],
    ['a stream that ends early', [{ type: 'text-start', id: 't' }]],
    ['an interrupted finish', [finish('interrupted')]],
  ] as [string, LanguageModelV4StreamPart[]][])('fails on %s', async (_, parts) => {
    await expect(read(modelOf(parts))).rejects.toThrow(ModelFailedError)
  })

  test('fails when the connection breaks and when time is up', async () => {
    const broken = new ScriptedModel([{ text: ['It '], fails: new Error('reset') }])
    const silent = modelOf([])
    silent.doStream = ({ abortSignal }) =>
      new Promise((_, reject) => abortSignal?.addEventListener('abort', () => reject(new Error('aborted'))))

    await expect(read(broken)).rejects.toThrow(ModelFailedError)
    await expect(read(silent, { stepMs: 5 })).rejects.toThrow(ModelFailedError)
  })

  test('throws what a handler throws as it is', async () => {
    const fenced = new Error('fenced')
    const model = new ScriptedModel([{ text: ['It is.'] }])

    const reading = read(model, {
      onText: async () => {
        throw fenced
      },
    })

    await expect(reading).rejects.toBe(fenced)
  })

  test("throws the signal's reason when the run is stopped", async () => {
    const stop = new AbortController()
    const model = modelOf([])
    model.doStream = async () => {
      stop.abort(new Error('stopped by you'))
      throw new Error('request aborted')
    }

    await expect(read(model, { signal: stop.signal })).rejects.toThrow('stopped by you')
  })
})

function finish(unified: 'stop' | 'interrupted'): LanguageModelV4StreamPart {
  return {
    type: 'finish',
    finishReason: { unified, raw: undefined },
    usage: {
      inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: 1, text: 1, reasoning: 0 },
    },
  }
}
