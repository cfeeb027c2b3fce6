import { CopyButton } from '../parts/copy-button.tsx'
import { batchUrl, signInUrl, tokenUrl } from '../paths.ts'
import { strings } from '../strings.ts'

const words = strings.sources

/** How calls come in without this page. */
export function OtherWays() {
  const terminal = './netra import calls.csv --model gpt-4o'
  return (
    <section className="sec" aria-labelledby="other">
      <div className="sec-head">
        <h2 id="other">{words.otherTitle}</h2>
      </div>
      <div className="ways">
        <Snippet title={words.terminal} lead={words.terminalLead} code={terminal} />
        <Snippet title={words.json} lead={words.jsonLead} code={batchSnippet(window.location.origin)} />
      </div>
    </section>
  )
}

function Snippet({ title, lead, code }: { title: string; lead: string; code: string }) {
  return (
    <div>
      <h3>{title}</h3>
      <p className="second">{lead}</p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <pre className="code" tabIndex={0}>
        <code>{code}</code>
      </pre>
      <CopyButton text={code} label={words.copy} />
    </div>
  )
}

// A session token is fetched once and is good for days, an access token for five minutes.
function batchSnippet(origin: string): string {
  const call = {
    timestamp: '2026-06-01T09:30:00Z',
    id: 'call-1',
    provider: 'openai',
    model: 'gpt-4o',
    input_tokens: 1200,
    output_tokens: 150,
    service: 'search',
  }
  const pick = (field: string) => `sed 's/.*"${field}":"\\([^"]*\\)".*/\\1/'`
  const json = "-H 'content-type: application/json'"
  return [
    `SESSION=$(curl -s ${signInUrl(origin)} ${json} \\`,
    `  -d '{"email":"you@example.com","password":"...","transport":"token"}' | ${pick('sessionToken')})`,
    `TOKEN=$(curl -s -X POST ${tokenUrl(origin)} -H "authorization: Bearer $SESSION" | ${pick('accessToken')})`,
    `curl -X POST ${batchUrl(origin)} -H "authorization: Bearer $TOKEN" ${json} -d '{"calls": [`,
    `  ${JSON.stringify(call)}`,
    `]}'`,
  ].join('\n')
}
