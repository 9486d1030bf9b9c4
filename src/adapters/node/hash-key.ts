import { createHmac, createSecretKey, randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Secret } from '../../core/values/secret.ts'

/** HMAC-SHA-256: the only form in which numbers and users are stored. */
export function keyedDigest(key: Secret): (text: string) => string {
  const hashKey = createSecretKey(key.reveal(), 'utf8')
  return text => createHmac('sha256', hashKey).update(text).digest('base64url')
}

/** The key that `start` keeps in the data folder, if there is one. */
export function readKeptHashKey(dataFolder: string): Secret | undefined {
  const file = join(dataFolder, FILE)
  return existsSync(file) ? new Secret(readFileSync(file, 'utf8')) : undefined
}

/** The stored key. It is created on first use, readable only by its owner. */
export function keepHashKey(dataFolder: string): Secret {
  const known = readKeptHashKey(dataFolder)
  if (known !== undefined) return known
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  // Atomic, and the first one wins: two processes that start at the same time use the same key.
  const draft = join(dataFolder, `${FILE}.${randomBytes(8).toString('hex')}`)
  writeFileSync(draft, randomBytes(32).toString('hex'), { mode: 0o600 })
  try {
    linkSync(draft, join(dataFolder, FILE))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
  return keepHashKey(dataFolder)
}

const FILE = 'hash-key'
