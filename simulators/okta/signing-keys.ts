import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'

/** A private RSA key as a JWK; `kid` is its thumbprint. */
export type SigningKey = JWK & { readonly kty: string; readonly kid: string }

/**
 * The signing keys of an authorization server, as Okta keeps them: one signs; the next is already published, so that
 * verifiers know it in time; retired ones stay published until the tokens they signed have expired.
 */
export type KeyRing = {
  readonly active: SigningKey
  readonly next: SigningKey
  readonly retired: readonly SigningKey[]
}

export type Rotation = {
  /** Remove the old key from the published set at once, as in an emergency. Default false. */
  readonly drop?: boolean
  /** Sign with a key that was never published before, instead of the announced next one. Default false. */
  readonly unseen?: boolean
}

// Okta's documents speak of two or three keys; more would only grow the answer.
const RETIRED_MAX = 3

/** A ring with an active and a next key, both new. */
export async function newKeyRing(): Promise<KeyRing> {
  const [active, next] = await Promise.all([newSigningKey(), newSigningKey()])
  return { active, next, retired: [] }
}

/** The ring after one rotation; the input is not changed. */
export async function rotate(ring: KeyRing, rotation: Rotation = {}): Promise<KeyRing> {
  const fresh = await newSigningKey()
  const retired = rotation.drop ? ring.retired : [ring.active, ...ring.retired].slice(0, RETIRED_MAX)
  return rotation.unseen
    ? { active: fresh, next: ring.next, retired }
    : { active: ring.next, next: fresh, retired }
}

/**
 * Every key of the ring, the active one in the middle: Okta guarantees no order, so verifiers must not rely on one.
 */
export function published(ring: KeyRing): readonly SigningKey[] {
  return [ring.next, ring.active, ...ring.retired]
}

/**
 * An RSA key of 2,048 bits for RS256. A process makes a fixed number of keys and then reuses the first: to make one
 * takes a tenth of a second. There are enough that orgs that run at the same time never share one.
 */
export function newSigningKey(): Promise<SigningKey> {
  const place = asked % KEYS_MAX
  asked += 1
  const key = made[place] ?? makeSigningKey()
  made[place] = key
  return key
}

const KEYS_MAX = 24
const made: Promise<SigningKey>[] = []
let asked = 0

async function makeSigningKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, kty: 'RSA', kid: await calculateJwkThumbprint(jwk), alg: 'RS256', use: 'sig' }
}
