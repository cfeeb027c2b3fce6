import { z } from 'zod'

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

const weakSecrets =
  /^(?:secret|password|passw0rd|changeme|change-me|default|example|test|dev|development|admin|letmein|insecure|todo|placeholder|your[-_ ]?secret|better-auth-secret)/i

/** An address with one of the given schemes, kept as text. */
export function urlValue(...protocols: string[]): z.ZodType<string, string> {
  return z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `is not an address starting with ${protocols.map((each) => `${each}//`).join(' or ')}`,
  })
}

/** A web origin such as https://apex.example.com, without path. */
export function originValue(): z.ZodType<string, string> {
  return z
    .string()
    .refine((text) => URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol), {
      error: 'is not an http:// or https:// address',
      abort: true,
    })
    .refine((text) => new URL(text).origin === text.replace(/\/$/, ''), {
      error: 'has more than scheme, host and port',
    })
    .transform((text) => new URL(text).origin)
}

/** A secret of at least `minLength` characters that is neither well known nor obviously repetitive. */
export function secretValue({ minLength = 32 }: { minLength?: number } = {}): z.ZodType<string, string> {
  return z
    .string()
    .min(minLength, { error: `is shorter than ${minLength} characters`, abort: true })
    .refine((text) => !weakSecrets.test(text), { error: 'is a well-known example value', abort: true })
    .refine((text) => new Set(text).size >= 10, { error: 'repeats too few different characters' })
}

/** A whole number of milliseconds written as 250ms, 30s, 5m, 12h or 7d. */
export function durationValue(): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d{1,9}(?:ms|s|m|h|d)$/, { error: 'is not a duration such as 250ms, 30s, 5m, 12h or 7d' })
    .transform((text) => {
      const unit = text.replace(/\d+/, '') as keyof typeof unitMs
      return Number.parseInt(text, 10) * unitMs[unit]
    })
}

/** A whole number within bounds, both included. */
export function integerValue({ min, max }: { min: number; max: number }): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^-?\d{1,15}$/, { error: 'is not a whole number', abort: true })
    .transform(Number)
    .refine((value) => value >= min && value <= max, { error: `is not between ${min} and ${max}` })
}

/** A TCP port; 0 lets the system choose. */
export function portValue(): z.ZodType<number, string> {
  return integerValue({ min: 0, max: 65_535 })
}

/** true or false, also written 1, 0, yes, no, on, off. */
export function flagValue(): z.ZodType<boolean, string> {
  return z
    .string()
    .toLowerCase()
    .refine((text) => /^(?:true|false|1|0|yes|no|on|off)$/.test(text), { error: 'is neither true nor false' })
    .transform((text) => /^(?:true|1|yes|on)$/.test(text))
}

/** One of the given words. */
export function choiceValue<const T extends string>(...choices: T[]): z.ZodType<T, string> {
  return z
    .string()
    .refine((text) => (choices as string[]).includes(text), { error: `is not one of ${choices.join(', ')}` })
    .transform((text) => text as T)
}

/** Values separated by commas; blanks around them and empty ones are dropped. */
export function listValue<T>(item: z.ZodType<T, string>): z.ZodType<T[], string> {
  return z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((each) => each.trim())
        .filter(Boolean),
    )
    .pipe(z.array(item)) as z.ZodType<T[], string>
}

/** Any text that is not empty. */
export function textValue(): z.ZodType<string, string> {
  return z.string().min(1)
}
