/**
 * The claims of an access token as Okta's custom authorization servers write them: the library's `client_id` is
 * `cid`, its `scope` is the list `scp`, `jti` starts with `AT.`, and there is a `ver`.
 *
 * @param issued what the library would write
 * @param lifetimeSeconds from `iat` to `exp`; may be negative
 * @param changes claims set on top, for tests; null leaves a claim out
 */
export function accessTokenClaims(
  issued: Readonly<Record<string, unknown>>,
  lifetimeSeconds: number,
  changes: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const claims: Record<string, unknown> = {
    ver: 1,
    jti: `AT.${issued.jti}`,
    iss: issued.iss,
    aud: issued.aud,
    iat: issued.iat,
    exp: Number(issued.iat) + lifetimeSeconds,
    cid: issued.client_id,
    scp: String(issued.scope).split(' '),
    sub: issued.client_id,
    ...changes,
  }
  // The library insists on an audience of its own, so a claim is left out by being undefined, not by being deleted.
  for (const [name, value] of Object.entries(claims)) if (value === null) claims[name] = undefined
  return claims
}
