import type { Intent } from '../../agents/triage.ts'

type Rule = { intent: Intent; says: RegExp; unless?: RegExp }

const DIMENSIONS =
  '(?:model|provider|service|feature|user|customer|conversation|session|project|team|environment|request model)s?'
const COSTLY = '(?:money|spend|spent|spending|costs?|budget|bill|dollars?|cash|expenses?)'
const RISING =
  '(?:jump|spike|rise|rose|risen|increase|go up|went up|gone up|climb|grow|grew|higher|more expensive|drop|fall|fell|double|change|explode|shot up)'

/** In order of precedence for the main intent. */
const RULES: readonly Rule[] = [
  {
    intent: 'conversation_cost',
    says: /\b(?:this|our|your)\s+(?:very\s+)?(?:conversation|chat|thread)\b.*\b(?:cost|price|elsewhere)|\bcost\b.*\b(?:of|is)\s+this\s+(?:very\s+)?(?:conversation|chat|thread)\b/,
  },
  {
    intent: 'verify_change',
    says: /\broll(?:ed|ing)?[\s-]?back\b|\bworth\s+(?:it|the)\b|\b(?:did|has|have)\b.*\b(?:switch|change|migration)\b.*\b(?:work|pay|help|save)/,
  },
  {
    intent: 'why_change',
    says: new RegExp(
      `\\bwhy\\b.*\\b${RISING}|\\bwhat\\s+(?:happened|changed)\\b|\\b(?:spiked?|jumped?|anomal\\w+)\\b|\\bexplain\\b.*\\b${RISING}`,
    ),
  },
  {
    intent: 'where_money',
    says: new RegExp(
      `\\bwhere\\b.*\\b${COSTLY}\\b.*\\b(?:go|goes|going|gone|went|come|comes|spent|is)\\b|\\bwhere\\s+(?:do|does|did|are|am)\\s+(?:we|i|our|my)\\b.*\\bspend|` +
        `\\bwhat\\s+(?:is\\s+|are\\s+)?(?:drives?|driving|causes?|eats?|makes?\\s+up)\\b|\\b(?:cost|spend|bill)\\s+drivers?\\b|\\bbreak\\s?(?:it\\s|this\\s|that\\s)?down\\b|` +
        `\\b(?:costs?|spend|spending|money|usage|calls|tokens|and|it|that|this|split|group(?:ed)?)\\s+(?:by|per)\\s+${DIMENSIONS}\\b|^(?:by|per)\\s+${DIMENSIONS}\\b|` +
        `\\b(?:most|more)\\s+expensive\\b|\\b(?:biggest|largest|highest|top)\\b.*\\b(?:${COSTLY}|${DIMENSIONS}|spenders?)\\b|` +
        `\\b(?:which|what)\\s+${DIMENSIONS}\\b.*\\b(?:costs?|spend|spends|use|uses|most|burn|burns)\\b`,
    ),
    unless: /\bcheaper\s+model|\blose\s+money\b/,
  },
  {
    intent: 'cut_cost',
    says: new RegExp(
      `\\b(?:cut|cutting|reduce|reducing|lower|save|saving|savings|decrease|shrink|optimi[sz]e|slash|trim|bring\\s+down|get\\s+down|spend\\s+less|pay\\s+less|halve)\\b|\\b(?:make|get)\\b.*\\bcheaper\\b|\\b${COSTLY}\\b.*\\b(?:down|under\\s+control)\\b|\\bless\\s+(?:money|cost)`,
    ),
  },
  { intent: 'caching', says: /\bcach(?:e|es|ed|ing)\b|\bprefix(?:es)?\b/ },
  { intent: 'batch', says: /\bbatch(?:es|ed|ing)?\b/ },
  {
    intent: 'model_choice',
    says: /\b(?:which|what|cheaper|smaller|bigger|other|another|different|alternative|switch(?:ing)?|move|moving|swap|replace|route|routing|downgrade|use|using|compare|right)\b.{0,60}\b(?:models?|llms?|gpt[-\w.]*|claude[-\w.]*|gemini[-\w.]*|o\d[-\w.]*|llama[-\w.]*|mistral[-\w.]*|deepseek[-\w.]*)\b|\b(?:cost|costs|pay)\s+(?:on|with)\s+\S*\d|\bright[\s-]?siz/,
    unless:
      /\bwithout\s+(?:changing|switching|touching|swapping)\b[^,.]*\bmodels?\b|\bwhich\s+models?\b.*\b(?:costs?|spend|most|expensive|burn)|\bkeep(?:ing)?\b[^,.]*\bmodels?\b/,
  },
  {
    intent: 'errors',
    says: /\berrors?\b|\bfail(?:s|ed|ures?|ing)?\b|\bretr(?:y|ies|ied)\b|\btime\s?outs?\b|\bwast(?:e|ed|ing)\b|\boversized\b/,
  },
  {
    intent: 'traffic',
    says: /\btraffic\b|\bthroughput\b|\brate\s+limits?\b|\b(?:requests|calls|tokens)\s+per\s+(?:minute|second)\b|\bbusiest\b|\bpeak\b|\bcapacity\b|\b[rt]pm\b/,
  },
  {
    intent: 'trend',
    says: /\bover\s+time\b|\btrends?\b|\b(?:daily|hourly|weekly|monthly)\b|\b(?:per|by|each|every)\s+(?:day|hour|week|month|minute)\b|\bdevelop(?:ed|ment)\b/,
  },
  {
    intent: 'cost_total',
    says: new RegExp(
      `\\bhow\\s+(?:much|many)\\b|\\btotal\\b|\\bnumber\\s+of\\s+(?:calls|tokens|requests)\\b|\\bwhat\\s+(?:did|do|does|have|has|is|are|was)\\b.*\\b(?:spend|spent|spending|cost|pay|paid|bill)\\b|\\b(?:average|mean)\\b|\\bcosts?\\s+per\\s+call\\b`,
    ),
  },
  {
    intent: 'data_help',
    says: /\b(?:how|where|can|help)\b.*\b(?:import|upload|connect|ingest|send|add|load)\b|\bsample\s+data\b|\b(?:which|what)\s+(?:columns?|formats?|data)\b|\bopentelemetry\b|\botel\b/,
  },
]

const GREETING =
  /^(?:hi|hello|hey|hiya|good\s+(?:morning|afternoon|evening|day)|greetings|thanks?|thank\s+you|cheers|yo)\b[\s!.,]*(?:there|all|team|apex|netra|again|so much|a lot|you)?[\s!.,]*$/
const ABOUT =
  /\bwhat\s+(?:can|do)\s+you\s+(?:do|know|offer)\b|\bwho\s+are\s+you\b|\bwhat\s+(?:is|are)\s+(?:this|you|netra|apex|netra\s+apex)\s*\??$|\bwhat\s+(?:can|should|could)\s+i\s+ask\b|\bhow\s+(?:do|does)\s+(?:you|this|it)\s+work\b|^help\b[\s!.?]*$/
const ELSEWHERE =
  /\b(?:write|compose|tell|sing|draft|generate)\b.*\b(?:poem|joke|story|song|essay|limerick|haiku|letter|e-?mail|rap)\b|\bweather\b|\brecipe\b|\bbitcoin\b|\bstocks?\s+(?:price|market)\b|\b(?:capital|president|population)\s+of\b|\btranslate\b|\bfootball\b|\bmovie\b|\bhomework\b|\bmeaning\s+of\s+life\b/
const DOMAIN = new RegExp(
  `\\b(?:${COSTLY}|tokens?|calls?|requests?|llms?|models?|usage|prompts?|price[sd]?|pricing|latency|expensive|cheap\\w*|openai|anthropic|gpt\\S*|claude\\S*|gemini\\S*)\\b`,
)

/** What a mended question asks for, the main thing first; empty when it only continues an earlier turn. */
export function findIntents(question: string): Intent[] {
  if (GREETING.test(question)) return ['greeting']
  if (ELSEWHERE.test(question)) return ['out_of_scope']
  const found = RULES.filter(({ says, unless }) => says.test(question) && !unless?.test(question)).map(
    ({ intent }) => intent,
  )
  const wanted = withoutEchoes(found, question)
  if (wanted.length === 0 && ABOUT.test(question)) return ['about']
  return wanted.slice(0, 4)
}

/** Whether a question is about the use of language models at all. */
export function isAboutUsage(question: string): boolean {
  return DOMAIN.test(question)
}

/** Drops intents that only the wording of a stronger one brought along. */
function withoutEchoes(found: Intent[], question: string): Intent[] {
  const has = (intent: Intent) => found.includes(intent)
  return found.filter((intent) => {
    if (intent === 'cost_total') return found.length === 1
    if (intent === 'trend') return !has('why_change')
    if (intent === 'errors') return !has('caching') || /\berrors?\b|\bretr/.test(question)
    if (intent === 'model_choice') return !has('verify_change') && !has('conversation_cost')
    if (intent === 'cut_cost') {
      const narrower = has('caching') || has('batch') || has('model_choice') || has('errors')
      return !narrower || /%|\bpercent|\bcosts?\b|\bspend/.test(question)
    }
    if (intent === 'where_money') return !has('why_change') && !has('verify_change')
    if (intent === 'data_help') return found.length === 1
    return true
  })
}
