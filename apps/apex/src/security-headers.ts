// Styles may be inline because dialogs measure and lock scrolling that way; scripts may not.
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const dataPolicy = "default-src 'none'; frame-ancestors 'none'"

/** Puts the headers on an answer that keep a browser from misusing it; those an answer already has stay. */
export function secureHeaders(headers: Headers, { page, https }: { page: boolean; https: boolean }): void {
  const wanted: Record<string, string> = {
    'content-security-policy': page ? pagePolicy : dataPolicy,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
    ...(https ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  }
  for (const [name, value] of Object.entries(wanted)) if (!headers.has(name)) headers.set(name, value)
}
