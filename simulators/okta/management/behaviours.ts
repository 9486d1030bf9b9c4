import type { FactorNaming } from '../user-events.ts'

/** Behaviour that Okta's documents leave open or describe in two ways. An org has one of each. */
export type Behaviours = {
  /** `GET /hook-keys/public/{keyId}`: `flat` by the schema, `embedded` by the example; `without-n` is a broken one. */
  readonly publicKey: (typeof ALLOWED.publicKey)[number]
  /**
   * What `execute` returns of the hook's answer. `all`: the whole of it. `commands`: the fields of the schema.
   * `strict`: the same, but an answer with other fields is a 400.
   */
  readonly execute: (typeof ALLOWED.execute)[number]
  /**
   * Whether the request that verifies an event hook has the hook's secret. `with-secret`: Okta "provides it in every
   * request". `without-secret`: services have been seen that check the secret only in posts.
   */
  readonly verification: (typeof ALLOWED.verification)[number]
  /** Where events name the factor: `FactorNaming`. */
  readonly factor: FactorNaming
}

/** According to the documents, where they are clear. */
export const DEFAULT_BEHAVIOURS: Behaviours = {
  publicKey: 'flat',
  execute: 'commands',
  verification: 'with-secret',
  factor: 'constant',
}

const ALLOWED = {
  publicKey: ['flat', 'embedded', 'without-n'],
  execute: ['all', 'commands', 'strict'],
  verification: ['with-secret', 'without-secret'],
  factor: ['constant', 'type', 'reason'],
} as const

/** Reads some of them from JSON; undefined if one is unknown. */
export function parseBehaviours(body: Readonly<Record<string, unknown>>): Partial<Behaviours> | undefined {
  const isRight = Object.entries(body).every(([name, value]) =>
    Object.hasOwn(ALLOWED, name) ? (ALLOWED as Lists)[name]?.some(one => one === value) : false,
  )
  return isRight ? body : undefined
}

type Lists = Readonly<Record<string, readonly unknown[]>>
