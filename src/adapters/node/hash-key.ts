import { createHmac, createSecretKey, hkdfSync, randomBytes } from 'node:crypto'
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Secret } from '../../core/values/secret.ts'

/** HMAC-SHA-256: the only form in which numbers and users are stored. */
export function keyedDigest(key: Secret): (text: string) => string {
  const hashKey = createSecretKey(key.reveal(), 'utf8')
  return text => createHmac('sha256', hashKey).update(text).digest('base64url')
}

/** The same by several keys: by the first one first. */
export function keyedDigests([key, ...others]: readonly [Secret, ...Secret[]]) {
  const own = keyedDigest(key)
  const all = others.map(keyedDigest)
  return (text: string): readonly [string, ...string[]] => [own(text), ...all.map(digest => digest(text))]
}

/**
 * Another key, made of the hash key by HKDF (RFC 5869): it says nothing about the digests, and no digest is made with it.
 */
export function derivedKey(key: Secret, purpose: string): Secret {
  return new Secret(Buffer.from(hkdfSync('sha256', key.reveal(), '', purpose, 32)).toString('base64url'))
}

/** The key that `start` keeps in the data folder, if there is one. */
export function readKeptHashKey(dataFolder: string): Secret | undefined {
  return readKept(dataFolder, HASH_KEY)
}

/** The stored key. It is created on first use, readable only by its owner. The folder must exist. */
export function keepHashKey(dataFolder: string): Secret {
  return keep(dataFolder, HASH_KEY)
}

/** The secret of the event hook that `start` keeps in the data folder, in the same way. */
export function keepEventSecret(dataFolder: string): Secret {
  return keep(dataFolder, 'event-secret')
}

function readKept(dataFolder: string, name: string): Secret | undefined {
  const file = join(dataFolder, name)
  return existsSync(file) ? new Secret(readFileSync(file, 'utf8')) : undefined
}

function keep(dataFolder: string, name: string): Secret {
  const known = readKept(dataFolder, name)
  if (known !== undefined) return known
  // Atomic, and the first one wins: two processes that start at the same time use the same key.
  const draft = join(dataFolder, `${name}.${randomBytes(8).toString('hex')}`)
  try {
    writeFileSync(draft, randomBytes(32).toString('hex'), { mode: 0o600 })
    linkSync(draft, join(dataFolder, name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
  return keep(dataFolder, name)
}

const HASH_KEY = 'hash-key'
