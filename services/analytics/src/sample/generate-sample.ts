import type { CallInput } from '@apex/protocol/call'
import { seededRandom } from './random.ts'
import { WORKLOADS, type Workload } from './workload.ts'

const DAYS = 30
const DAY_MS = 86_400_000
const BLOCK_TOKENS = 512

type Random = () => number
type Moment = { startMs: number; day: number; workload: Workload; random: Random }

/**
 * Generated usage of an invented company: the 30 days before the UTC day of `nowMs`, ordered by time, the same for the
 * same day. It is labelled sample data wherever it shows.
 */
export function generateSample(nowMs: number): CallInput[] {
  const today = Math.floor(nowMs / DAY_MS)
  const random = seededRandom(today)
  const calls: CallInput[] = []
  for (let day = 0; day < DAYS; day++) {
    const startMs = (today - DAYS + day) * DAY_MS
    for (const workload of WORKLOADS) calls.push(...callsOfDay({ startMs, day, workload, random }))
  }
  return calls.toSorted((left, right) => Number(left.timestamp) - Number(right.timestamp))
}

function callsOfDay(moment: Moment): CallInput[] {
  const { startMs, workload, random } = moment
  const weekday = new Date(startMs).getUTCDay()
  const share = weekday === 0 || weekday === 6 ? workload.weekendShare : 1
  const wanted = Math.round(workload.callsPerDay * share * between(random, 0.85, 1.15))
  const turns = workload.turns ?? 1
  const [from, to] = workload.hours
  const calls: CallInput[] = []
  while (calls.length < wanted) {
    const atMs = startMs + Math.floor(between(random, from, to) * 3_600_000)
    const length = turns === 1 ? 1 : 1 + Math.floor(random() * (2 * turns - 1))
    calls.push(...conversation(moment, atMs, Math.min(length, wanted - calls.length)))
  }
  return calls
}

function conversation(moment: Moment, startMs: number, length: number): CallInput[] {
  const { day, random, workload } = moment
  const thread =
    workload.turns === undefined ? undefined : `c-${day}-${Math.floor(random() * 0xffff_ffff).toString(36)}`
  const user = `user-${1 + Math.floor(random() ** 2 * 240)}`
  const own: string[] = []
  const calls: CallInput[] = []
  let atMs = startMs
  let carried = 0
  for (let turn = 0; turn < length; turn++) {
    const input = carried + whole(random, workload.ownInput)
    const output = whole(random, workload.output)
    while ((own.length + 1) * BLOCK_TOKENS <= input) own.push(block(random))
    calls.push(oneCall(moment, { atMs, input, output, own: [...own], user, thread }))
    carried = input + output
    atMs += Math.floor(between(random, 20_000, 150_000))
  }
  return calls
}

type Turn = { atMs: number; input: number; output: number; own: string[]; user: string; thread: string | undefined }

function oneCall({ day, workload, random }: Moment, turn: Turn): CallInput {
  const { feature, growth, service } = workload
  const shared = workload.sharedBlocks + (growth && day >= growth.fromDay ? growth.blocks : 0)
  const version = growth && day >= growth.fromDay ? 'v2' : 'v1'
  const prefix = Array.from({ length: shared }, (_, index) => `${service}/${feature}/${version}/${index}`)
  const latency = whole(random, workload.latencyMs)
  const base: CallInput = {
    timestamp: turn.atMs,
    provider: workload.provider,
    model: workload.model,
    request_model: workload.requestModel ?? workload.model,
    project: 'harbourline',
    environment: workload.environment,
    service,
    feature,
    user: turn.user,
    ...(turn.thread === undefined ? {} : { conversation: turn.thread }),
    latency_ms: latency,
  }
  if (random() < workload.errorShare)
    return { ...base, latency_ms: 90, status: 'error', error_class: 'rate_limit_exceeded' }
  return {
    ...base,
    status: 'ok',
    time_to_first_chunk_ms: Math.round(latency * between(random, 0.12, 0.3)),
    ...tokens(workload, { shared, turn, random }),
    ...(shared + turn.own.length > 0
      ? { prefix_hashes: [...prefix, ...turn.own], prefix_block_tokens: BLOCK_TOKENS }
      : {}),
  }
}

type Counted = { shared: number; turn: Turn; random: Random }

function tokens(workload: Workload, { shared, turn, random }: Counted): Partial<CallInput> {
  const input = shared * BLOCK_TOKENS + turn.input
  const cached = random() < (workload.cachedShare ?? 0) ? shared * BLOCK_TOKENS : 0
  return {
    input_uncached_tokens: input - cached,
    cache_read_tokens: cached,
    output_tokens: turn.output,
    reasoning_tokens: Math.round(turn.output * (workload.reasoningShare ?? 0)),
  }
}

function between(random: Random, least: number, most: number): number {
  return least + random() * (most - least)
}

function whole(random: Random, [least, most]: [number, number]): number {
  return Math.round(between(random, least, most))
}

function block(random: Random): string {
  return Math.floor(random() * 0xffff_ffff_ffff).toString(36)
}
