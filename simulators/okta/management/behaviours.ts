/** Behaviour that Okta's documents leave open or describe in two ways. An org has one of each. */
export type Behaviours = {
  /** `GET /hook-keys/public/{keyId}`: `flat` by the schema, `embedded` by the example; `without-n` is a broken one. */
  readonly publicKey: (typeof ALLOWED.publicKey)[number]
  /**
   * What `execute` returns of the hook's answer. `all`: the whole of it. `commands`: the fields of the schema.
   * `strict`: the same, but an answer with other fields is a 400.
   */
  readonly execute: (typeof ALLOWED.execute)[number]
}

/** According to the documents, where they are clear. */
export const DEFAULT_BEHAVIOURS: Behaviours = { publicKey: 'flat', execute: 'commands' }

const ALLOWED = {
  publicKey: ['flat', 'embedded', 'without-n'],
  execute: ['all', 'commands', 'strict'],
} as const

/** Reads some of them from JSON; undefined if one is unknown. */
export function parseBehaviours(body: Readonly<Record<string, unknown>>): Partial<Behaviours> | undefined {
  const isRight = Object.entries(body).every(([name, value]) =>
    Object.hasOwn(ALLOWED, name) ? (ALLOWED as Lists)[name]?.some(one => one === value) : false,
  )
  return isRight ? body : undefined
}

type Lists = Readonly<Record<string, readonly unknown[]>>
