import type { Provider } from '@pydantic/genai-prices'
import type { BookModel } from './book-model.ts'
import { matchesName, spellingsOf } from './match-model.ts'
import { readBookModel } from './read-model.ts'

/** Why a model has no entry: the provider is unknown, or it is known and does not list the model. */
export type Lookup =
  | { found: true; model: BookModel }
  | { found: false; reason: 'unknown-provider' | 'unknown-model'; provider: string | undefined }

// Names come from callers, so what is remembered of them is bounded.
const MOST_REMEMBERED = 10_000

/** Dated rates of every model of one published catalogue; look-ups are by the names calls carry. */
export class PriceBook {
  /** Names the catalogue and its release, such as `genai-prices@0.1.8`. */
  readonly version: string
  readonly #providers: readonly Provider[]
  readonly #models = new Map<string, BookModel>()
  readonly #lookups = new Map<string, Lookup>()
  readonly #makers = new Map<string, string | undefined>()

  constructor({ version, providers }: { version: string; providers: readonly Provider[] }) {
    this.version = version
    this.#providers = providers
  }

  /** Finds a model by the provider and model names of a call; without a provider it is inferred from the model. */
  find(provider: string | undefined, model: string): Lookup {
    const key = `${provider ?? ''}\u0000${model}`
    const known = this.#lookups.get(key)
    if (known) return known
    const lookup = this.#look(provider, model)
    if (this.#lookups.size >= MOST_REMEMBERED) this.#lookups.clear()
    this.#lookups.set(key, lookup)
    return lookup
  }

  /** The provider of the book a name means, such as `openai` for `azure_openai`'s own id or `OpenAI`. */
  providerOf(name: string): string | undefined {
    return this.#findProvider(name)?.id
  }

  /** The provider that is known to make models of this name. */
  inferProvider(model: string): string | undefined {
    if (this.#makers.has(model)) return this.#makers.get(model)
    const maker = this.#providers.find((each) => each.model_match && matchesName(each.model_match, model.trim()))?.id
    if (this.#makers.size >= MOST_REMEMBERED) this.#makers.clear()
    this.#makers.set(model, maker)
    return maker
  }

  /** One entry by the book's own ids. */
  entry(provider: string, model: string): BookModel | undefined {
    const info = this.#providers.find((each) => each.id === provider)?.models.find((each) => each.id === model)
    return info && this.#read(provider, info)
  }

  /** Every entry whose provider or model contains the text. */
  search(text: string): BookModel[] {
    const wanted = text.toLowerCase()
    return this.#providers.flatMap((provider) =>
      provider.models
        .filter((info) => `${provider.id}/${info.id}`.toLowerCase().includes(wanted))
        .map((info) => this.#read(provider.id, info)),
    )
  }

  #look(name: string | undefined, model: string): Lookup {
    const id = name ? this.providerOf(name) : this.inferProvider(model)
    const provider = this.#providers.find((each) => each.id === id)
    if (!provider) return { found: false, reason: name ? 'unknown-provider' : 'unknown-model', provider: undefined }
    for (const spelling of spellingsOf(model)) {
      const found = this.#findModel(provider, spelling)
      if (found) return { found: true, model: found }
    }
    return { found: false, reason: 'unknown-model', provider: provider.id }
  }

  #findProvider(name: string): Provider | undefined {
    const text = name.toLowerCase().trim()
    return (
      this.#providers.find((each) => each.id === text) ??
      this.#providers.find((each) => each.provider_match && matchesName(each.provider_match, text))
    )
  }

  #findModel(provider: Provider, model: string, depth = 0): BookModel | undefined {
    const info = provider.models.find((each) => matchesName(each.match, model))
    if (info) return this.#read(provider.id, info)
    if (depth > 0) return undefined
    for (const id of provider.fallback_model_providers ?? []) {
      const fallback = this.#providers.find((each) => each.id === id)
      const found = fallback && this.#findModel(fallback, model, depth + 1)
      if (found) return found
    }
    return undefined
  }

  #read(provider: string, info: Provider['models'][number]): BookModel {
    const key = `${provider}/${info.id}`
    const known = this.#models.get(key)
    if (known) return known
    const model = readBookModel(provider, info)
    this.#models.set(key, model)
    return model
  }
}
