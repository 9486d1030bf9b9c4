/** What Okta's documents leave open, or say in two ways: an org has one of each. */
export type Behaviours = {
  /** `GET /hook-keys/public/{keyId}`: `flat` by the schema, `embedded` by the example; `without-n` is a broken one. */
  readonly publicKey: (typeof ALLOWED.publicKey)[number]
  /**
   * What `execute` answers of the hook's answer. `all`: the whole of it. `commands`: what the schema names. `strict`: the
   * same, and an answer that has anything else is a 400.
   */
  readonly execute: (typeof ALLOWED.execute)[number]
}

/** By the documents, where they say something. */
export const DEFAULT_BEHAVIOURS: Behaviours = { publicKey: 'flat', execute: 'commands' }

const ALLOWED = {
  publicKey: ['flat', 'embedded', 'without-n'],
  execute: ['all', 'commands', 'strict'],
} as const

/** Reads some of them from JSON; undefined if one is none. */
export function parseBehaviours(body: Readonly<Record<string, unknown>>): Partial<Behaviours> | undefined {
  const isRight = Object.entries(body).every(([name, value]) =>
    Object.hasOwn(ALLOWED, name) ? (ALLOWED as Lists)[name]?.some(one => one === value) : false,
  )
  return isRight ? body : undefined
}

type Lists = Readonly<Record<string, readonly unknown[]>>
