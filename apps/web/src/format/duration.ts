/** How long something took, for a line of the timeline: `41 ms`, `2.6 s`, `1:05 min`. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)}:${pad(seconds % 60)} min`
}

/** The running clock of a run: `00:14.6`. */
export function formatClock(ms: number): string {
  const tenths = Math.max(0, Math.floor(ms / 100))
  return `${pad(Math.floor(tenths / 600))}:${pad(Math.floor(tenths / 10) % 60)}.${tenths % 10}`
}

/** Seconds since a run began, for the first column of its timeline: `0.2`. */
export function formatOffset(ms: number): string {
  return (Math.max(0, ms) / 1000).toFixed(1)
}

/** A time to wait, for a person: `40 seconds`, `3 minutes`. */
export function formatWait(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 90) return whole === 1 ? '1 second' : `${whole} seconds`
  const minutes = Math.ceil(whole / 60)
  return `${minutes} minutes`
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
