import type { z } from 'zod'

/** What a process was given: names and strings, nothing interpreted yet. */
export type Env = Readonly<Record<string, string | undefined>>

/** One thing wrong with the configuration. Never holds the offending value, which may be a secret. */
export type ConfigProblem = { name: string; problem: string; hint: string }

/** Thrown once with every problem found, so that a person repairs them in one go. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly code = 'config_invalid'
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    super(`Configuration is not usable: ${problems.map((each) => each.name).join(', ')}`)
    this.problems = problems
  }
}

type SettingOptions = { hint: string; fallback?: string }

/** One named string of the environment and how it becomes a value. */
export type Setting<T> = {
  kind: 'setting'
  name: string
  schema: z.ZodType<T, string>
  optional: boolean
} & SettingOptions

type Spec = { readonly [key: string]: Setting<unknown> | Spec }

type Parsed<S> = { [K in keyof S]: S[K] extends Setting<infer T> ? T : Parsed<S[K]> }

/** A required setting, or one with a `fallback` written as the string a person would set. */
export function setting<T>(name: string, schema: z.ZodType<T, string>, options: SettingOptions): Setting<T> {
  return { kind: 'setting', name, schema, optional: false, ...options }
}

/** A setting that may be absent, and is then `undefined`. */
export function optionalSetting<T>(
  name: string,
  schema: z.ZodType<T, string>,
  options: { hint: string },
): Setting<T | undefined> {
  return { kind: 'setting', name, schema, optional: true, ...options }
}

/** Reports a problem between settings; `name` is the setting a person would change. */
export type Report = (problem: ConfigProblem) => void

/**
 * Reads the named strings and parses them into one nested object. An empty string counts as absent. `check` sees the
 * parsed values, when all parsed, and reports what is wrong between them. Throws `ConfigError` with every problem.
 */
export function parseConfig<const S extends Spec>(
  env: Env,
  spec: S,
  check?: (config: Parsed<S>, report: Report) => void,
): Parsed<S> {
  const problems: ConfigProblem[] = []
  const parsed = parseSpec(env, spec, problems) as Parsed<S>
  if (problems.length === 0) check?.(parsed, (problem) => problems.push(problem))
  if (problems.length > 0) throw new ConfigError(problems)
  return parsed
}

/** Runs several parsers and throws their problems together: for a process that starts several services. */
export function parseTogether<const P extends Record<string, () => unknown>>(
  parsers: P,
): { [K in keyof P]: ReturnType<P[K]> } {
  const problems: ConfigProblem[] = []
  const result: Record<string, unknown> = {}
  for (const [key, parse] of Object.entries(parsers)) {
    try {
      result[key] = parse()
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      problems.push(...error.problems)
    }
  }
  const distinct = [...new Map(problems.map((each) => [`${each.name}\n${each.problem}`, each])).values()]
  if (distinct.length > 0) throw new ConfigError(distinct)
  return result as { [K in keyof P]: ReturnType<P[K]> }
}

/** The problems as lines for a terminal: the name, what is wrong, what to do. */
export function renderConfigProblems(error: ConfigError): string {
  const count = error.problems.length
  const lines = error.problems.map(({ name, problem, hint }) => `  ${name}: ${problem}\n    ${hint}`)
  return [`${count} configuration ${count === 1 ? 'problem' : 'problems'}, nothing was started:`, ...lines].join('\n')
}

function parseSpec(env: Env, spec: Spec, problems: ConfigProblem[]): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [key, entry] of Object.entries(spec)) {
    result[key] = isSetting(entry) ? parseSetting(env, entry, problems) : parseSpec(env, entry, problems)
  }
  return result
}

function isSetting(entry: Setting<unknown> | Spec): entry is Setting<unknown> {
  return entry.kind === 'setting'
}

function parseSetting(env: Env, entry: Setting<unknown>, problems: ConfigProblem[]): unknown {
  const given = env[entry.name]?.trim() || entry.fallback
  if (given === undefined) {
    if (!entry.optional) problems.push({ name: entry.name, problem: 'is not set', hint: entry.hint })
    return undefined
  }
  const outcome = entry.schema.safeParse(given)
  if (outcome.success) return outcome.data
  const problem = outcome.error.issues.map((issue) => issue.message).join('; ')
  problems.push({ name: entry.name, problem, hint: entry.hint })
  return undefined
}
