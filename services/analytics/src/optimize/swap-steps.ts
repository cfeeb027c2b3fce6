/** How to send calls to another model, in the SDK of its provider. */
export function applySwap({ from, to, provider }: { from: string; to: string; provider: string }): string[] {
  return [
    `Choose the calls with the least at stake: short prompts, plain extraction or classification, drafts a person reads anyway.`,
    `Ask both models for these prompts for some days, keep ${from}’s answer in use, and compare the pairs with your own check.`,
    snippet({ from, to, provider }),
    'Route a small part first behind a setting that can be turned back without a release, and widen it while the check holds.',
  ]
}

/** How to see that a change of model worked. */
export const VERIFY_SWAP =
  'Import the calls after the change and ask for the breakdown by model: cost per call should fall as predicted, and retries, failures and output per call should not rise.'

function snippet({ from, to, provider }: { from: string; to: string; provider: string }): string {
  if (provider === 'openai' || provider === 'azure') {
    return `With the OpenAI SDK, change the model parameter from ${from} to ${to} in client.responses.create or client.chat.completions.create; nothing else has to change.`
  }
  if (provider === 'anthropic') {
    return `With the Anthropic SDK, change the model parameter from ${from} to ${to} in client.messages.create, and keep max_tokens as it is.`
  }
  if (provider === 'google')
    return `With the Google Gen AI SDK, change the model parameter from ${from} to ${to} in ai.models.generateContent.`
  return `Change the model parameter of the request from ${from} to ${to}.`
}
