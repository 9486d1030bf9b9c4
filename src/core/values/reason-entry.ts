/** One reason why a code did not go out. */
export type ReasonEntry = {
  /**
   * What Okta hears: `unauthorized` 401; `unreadable` 400 (413 when too large); `invalid` 200 with an error
   * that names the field; `cannot-send` and `failed` 200 FAILED; `over-limit`, `blocked` and `unknown` as set.
   */
  readonly answer:
    | 'unauthorized'
    | 'unreadable'
    | 'invalid'
    | 'cannot-send'
    | 'over-limit'
    | 'blocked'
    | 'failed'
    | 'unknown'
  readonly actor: 'Okta administrator' | 'platform engineer' | 'security team' | 'user'
  readonly meaning: string
  readonly remedy: string
  /** Where in Okta's body, for `invalid`. */
  readonly location?: string
}
