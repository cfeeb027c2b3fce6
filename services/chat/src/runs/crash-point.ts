import { existsSync, writeFileSync } from 'node:fs'

/** Where a test wants the process to die, once. */
export type CrashPlan = { point: string; markerFile: string }

export type CrashPoint = (name: string) => void

/** Kills this process with SIGKILL at the planned point, unless the marker file says it was done. Only for tests. */
export function createCrashPoint(plan: CrashPlan | undefined): CrashPoint {
  return (name) => {
    if (plan?.point !== name || existsSync(plan.markerFile)) return
    writeFileSync(plan.markerFile, name)
    process.kill(process.pid, 'SIGKILL')
  }
}
