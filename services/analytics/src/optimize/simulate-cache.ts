import type { PrefixTrace } from './prefix-trace.ts'

/** What decides which tokens are read, written or charged plainly; what they cost is not part of it. */
export type CacheBehaviour = {
  lifeUs: number
  minTokens: number
  /** Groups whose calls go another way: they neither use the cache nor fill it. */
  without?: ReadonlySet<number> | undefined
}

/** Input tokens by how they are charged, summed over the calls of each group. */
export type InputSplit = { plain: Float64Array; written: Float64Array; read: Float64Array }

/**
 * Runs a cache over the calls in their order. Whole blocks only, the tail is charged plainly; prompts and reads of fewer
 * than `minTokens` do not use the cache; a block lives `lifeUs` from its last use, that instant included; what a call
 * does not read it writes; outputs are not reusable.
 */
export function simulateCache(trace: PrefixTrace, { lifeUs, minTokens, without }: CacheBehaviour): InputSplit {
  const split = emptySplit(trace.groups)
  const usedUs = new Float64Array(trace.blockCount).fill(Number.NEGATIVE_INFINITY)
  for (let call = 0; call < trace.calls; call += 1) {
    const { input, size, from, whole, group, now } = callAt(trace, call)
    if (without?.has(group)) continue
    if (input < minTokens) {
      split.plain[group]! += input
      continue
    }
    let live = 0
    while (live < whole && now - usedUs[trace.blocks[from + live]!]! <= lifeUs) live += 1
    const read = live * size < minTokens ? 0 : live * size
    split.read[group]! += read
    split.written[group]! += whole * size - read
    split.plain[group]! += input - whole * size
    for (let block = 0; block < whole; block += 1) usedUs[trace.blocks[from + block]!] = now
  }
  return split
}

/** The same with hindsight: only blocks that are used again in time are written, the rest is charged plainly. */
export function simulateWithHindsight(trace: PrefixTrace, { lifeUs, minTokens, without }: CacheBehaviour): InputSplit {
  const split = emptySplit(trace.groups)
  const nextUs = nextUses(trace, { minTokens, without })
  const usedUs = new Float64Array(trace.blockCount).fill(Number.NEGATIVE_INFINITY)
  for (let call = 0; call < trace.calls; call += 1) {
    const { input, size, from, whole, group, now } = callAt(trace, call)
    if (without?.has(group)) continue
    if (input < minTokens) {
      split.plain[group]! += input
      continue
    }
    let live = 0
    while (live < whole && now - usedUs[trace.blocks[from + live]!]! <= lifeUs) live += 1
    if (live * size < minTokens) live = 0
    let kept = live
    while (kept < whole && nextUs[from + kept]! - now <= lifeUs) kept += 1
    split.read[group]! += live * size
    split.written[group]! += (kept - live) * size
    split.plain[group]! += input - kept * size
    for (let block = 0; block < whole; block += 1) {
      usedUs[trace.blocks[from + block]!] = block < kept ? now : Number.NEGATIVE_INFINITY
    }
  }
  return split
}

/** Tokens whose block, the last partial one included, was used by an earlier call within each time; and all tokens. */
export function measureReuse(trace: PrefixTrace, withinUs: readonly number[]): { reused: number[]; all: number } {
  const reused = withinUs.map(() => 0)
  const usedUs = new Float64Array(trace.blockCount).fill(Number.NEGATIVE_INFINITY)
  let all = 0
  for (let call = 0; call < trace.calls; call += 1) {
    const { input, size, from, now } = callAt(trace, call)
    const blocks = trace.offset[call + 1]! - from
    all += input
    for (const [index, within] of withinUs.entries()) {
      let live = 0
      while (live < blocks && usedBefore(now - usedUs[trace.blocks[from + live]!]!, within)) live += 1
      reused[index]! += Math.min(live * size, input)
    }
    for (let block = 0; block < blocks; block += 1) usedUs[trace.blocks[from + block]!] = now
  }
  return { reused, all }
}

function usedBefore(ageUs: number, withinUs: number): boolean {
  return ageUs <= withinUs && ageUs !== Number.POSITIVE_INFINITY
}

function callAt(trace: PrefixTrace, call: number) {
  const from = trace.offset[call]!
  const input = trace.inputTokens[call]!
  const size = trace.blockTokens[call]!
  const whole = Math.min(Math.floor(input / size), trace.offset[call + 1]! - from)
  return { input, size, from, whole, group: trace.group[call]!, now: trace.timeUs[call]! }
}

function nextUses(
  trace: PrefixTrace,
  { minTokens, without }: { minTokens: number; without: CacheBehaviour['without'] },
): Float64Array {
  const next = new Float64Array(trace.blocks.length).fill(Number.POSITIVE_INFINITY)
  const laterUs = new Float64Array(trace.blockCount).fill(Number.POSITIVE_INFINITY)
  for (let call = trace.calls - 1; call >= 0; call -= 1) {
    const { input, from, whole, group, now } = callAt(trace, call)
    if (input < minTokens || without?.has(group)) continue
    for (let block = 0; block < whole; block += 1) {
      const id = trace.blocks[from + block]!
      next[from + block] = laterUs[id]!
      laterUs[id] = now
    }
  }
  return next
}

function emptySplit(groups: number): InputSplit {
  return { plain: new Float64Array(groups), written: new Float64Array(groups), read: new Float64Array(groups) }
}
