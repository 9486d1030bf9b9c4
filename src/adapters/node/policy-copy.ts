import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../core/deliver/clock.ts'
import type { StepEvent } from '../../core/deliver/event.ts'
import type { StoredPolicy } from '../../core/policy/policy.ts'
import type { PolicyStore } from '../../core/policy/policy-store.ts'

export type PolicyWithCopy = Pick<PolicyStore, 'readPolicy'> & {
  /** Call it if the store cannot be read, with the cause: the next read returns the copy. False if there is none. */
  readonly beginWithCopy: (cause: unknown) => Promise<boolean>
}

/**
 * The policy of a store whose file may be damaged, missing or new. Each version that is read is copied to a file beside
 * the database, readable only by its owner, and a process that starts while the store fails uses that copy. If the
 * database is removed while this process runs, a new empty one is created and gets the last policy, because without it
 * no code could be sent.
 */
export function policyWithCopy(
  store: Omit<PolicyStore, 'readTemplateVersions' | 'noteAnswers'>,
  dataFolder: string,
  { now }: Pick<Clock, 'now'>,
  record: (event: StepEvent) => void,
): PolicyWithCopy {
  let begin: StoredPolicy | undefined
  let last: StoredPolicy | undefined
  const restore = async (policy: StoredPolicy): Promise<StoredPolicy | undefined> => {
    const templates = policy.templates.map(({ version: _, ...template }) => template)
    const by = {
      author: 'Hookline',
      at: now(),
      because: 'The database was removed: this is its last policy.',
    }
    await store.saveTemplates(templates, by)
    await store.saveRoutes(policy.routes, by)
    await store.saveLimits(policy.limits, by)
    await store.saveFraudPolicy(policy.fraud, by)
    await store.saveRoutingPolicy(policy.routing, by)
    const detail = 'The database was removed: the new one has the policy, but neither deliveries nor counts.'
    record({ step: 'store', outcome: 'policy-restored', detail })
    return store.readPolicy()
  }
  const readStored = async (known?: number): Promise<StoredPolicy | undefined> => {
    const stored = await store.readPolicy(known)
    const isRemoved = stored !== undefined && isEmpty(stored) && last !== undefined && !isEmpty(last)
    const policy = isRemoved && last !== undefined ? await restore(last) : stored
    if (policy === undefined) return undefined
    last = policy
    if (!isEmpty(policy))
      await writeCopy(dataFolder, policy).catch(error => {
        record({ step: 'store', outcome: 'policy-not-copied', detail: String(error) })
      })
    return policy
  }
  return {
    readPolicy: async known => {
      const copy = begin
      begin = undefined
      return copy ?? readStored(known)
    },
    beginWithCopy: async cause => {
      last = begin = await readCopy(dataFolder)
      if (begin === undefined) return false
      const detail = `${cause instanceof Error ? cause.message : cause}. The copy of the last policy is used.`
      record({ step: 'store', outcome: 'policy-copy', detail })
      return true
    },
  }
}

/**
 * Replaces the copy, if there is one, by the policy of the store: after an erasure, when no server does it. Drafts of
 * processes that died while they wrote the copy are removed. Rejects if it cannot.
 */
export async function renewPolicyCopy(
  store: Pick<PolicyStore, 'readPolicy'>,
  dataFolder: string,
): Promise<void> {
  for (const name of await readdir(dataFolder))
    if (name.startsWith(`${FILE}.`)) await rm(join(dataFolder, name), { force: true })
  if (!existsSync(join(dataFolder, FILE))) return
  const policy = await store.readPolicy()
  if (policy !== undefined) await writeCopy(dataFolder, policy)
}

/**
 * Undefined if there is no usable copy, or if a release with another form wrote it. No store uses its version, so the
 * next read returns the store's policy.
 */
async function readCopy(dataFolder: string): Promise<StoredPolicy | undefined> {
  try {
    const { form, policy: copy } = JSON.parse(await readFile(join(dataFolder, FILE), 'utf8')) as Copy // written below
    const policy = { ...copy, version: COPY_VERSION }
    return form === COPY_FORM && isWhole(policy) && !isEmpty(policy) ? policy : undefined
  } catch {
    return undefined
  }
}

type Copy = { readonly form: number; readonly policy: StoredPolicy }

/** Checks the fields that the hook uses first. May throw if fields are missing. */
function isWhole({ templates, routes, limits, fraud, routing }: StoredPolicy): boolean {
  const areTexts = (...values: readonly unknown[]): boolean =>
    values.every(value => typeof value === 'string')
  return (
    templates.every(({ channel, locale, purpose, text }) => areTexts(channel, locale, purpose, text)) &&
    routes.every(
      ({ country, channel, candidates }) => areTexts(country, channel) && Array.isArray(candidates),
    ) &&
    areTexts(limits.mode, fraud.mode, routing.mode) &&
    Array.isArray(limits.windows) &&
    Array.isArray(fraud.overrides)
  )
}

/** Atomic: a reader finds either the previous copy or this one. */
async function writeCopy(dataFolder: string, policy: StoredPolicy): Promise<void> {
  const draft = join(dataFolder, `${FILE}.${randomBytes(8).toString('hex')}`)
  try {
    await writeFile(draft, JSON.stringify({ form: COPY_FORM, policy } satisfies Copy), {
      mode: 0o600,
      flag: 'wx',
    })
    await rename(draft, join(dataFolder, FILE))
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

function isEmpty({ templates, routes }: StoredPolicy): boolean {
  return templates.length === 0 && routes.length === 0
}

const FILE = 'last-policy.json'
/** A release that changes the policy so that others cannot read it changes this number. */
const COPY_FORM = 1
const COPY_VERSION = -1
