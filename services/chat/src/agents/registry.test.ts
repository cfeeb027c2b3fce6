import { AGENT_NAMES, AgentInfo } from '@apex/protocol/agent'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { addressedUnavailable, agentInfos, UNAVAILABLE_AGENTS, WORKING_AGENTS } from './registry.ts'

describe('the registry', () => {
  test('lists all eleven agents once, seven of them available', () => {
    const infos = agentInfos().map((info) => AgentInfo.parse(info))

    expect(infos.map(({ name }) => name).sort()).toEqual([...AGENT_NAMES].sort())
    expect(infos.filter(({ available }) => available)).toHaveLength(7)
    for (const info of infos) expect(info.available).toBe(info.unavailableReason === undefined)
  })

  test.each([...WORKING_AGENTS, ...UNAVAILABLE_AGENTS])(
    '$name has a purpose, a prompt and schemas a model can read',
    (agent) => {
      expect(agent.purpose.length).toBeGreaterThan(20)
      expect(agent.prompt.length).toBeGreaterThan(800)
      for (const schema of [agent.input, agent.output]) {
        expect(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })).toHaveProperty('type')
      }
    },
  )
})

describe('addressedUnavailable', () => {
  test.each([
    ['@search the Tuesday spike', ['search']],
    ['ask the research agent why', ['research']],
    ['Ask research to find out why', ['research']],
    ['let the supply researcher agent compare', ['supply-researcher']],
    ['@corpus-admin and @search please', ['search', 'corpus-admin']],
    ['the corpus admin agent should delete it', ['corpus-admin']],
    ['where does our search service spend?', []],
    ['what does research cost?', []],
    ['mail me at someone@search.example', []],
    ['@triage what is this?', []],
  ])('reads %j as %j', (question, names) => {
    expect(addressedUnavailable(question).map(({ name }) => name)).toEqual(names)
  })
})
