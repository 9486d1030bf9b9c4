import { statSync } from 'node:fs'
import { policyWithCopy, renewPolicyCopy } from '../../adapters/node/policy-copy.ts'
import { systemClock } from '../../adapters/node/system-clock.ts'
import { endWhenHopeless } from '../../adapters/sqlite/end-when-hopeless.ts'
import type { Settings } from '../../config/settings.ts'
import { untilAborted } from '../../core/deliver/deadline.ts'
import type { StepEvent } from '../../core/deliver/event.ts'
import type { PolicyStore } from '../../core/policy/policy-store.ts'
import type { Store } from '../../core/records/store.ts'
import { RefusedForm } from '../../core/records/stored-form.ts'
import { messageOf } from '../../core/values/printable.ts'
import { type AwsAccess, tableCall } from '../aws-calls.ts'
import { seedTemplates } from '../seed-templates.ts'
import { retention } from './retention.ts'

/** The store of the settings: the table of a deployment, or the folder on this machine. It always has templates. */
export async function openStore(settings: Settings): Promise<Store> {
  const store = await openNamed(settings)
  await seedTemplates(store, systemClock.now)
  return store
}

export async function openNamed(settings: Settings): Promise<Store> {
  if (settings.store.table !== undefined) return openTableOf(settings)
  const { dataFolder } = settings.store
  const { openSqliteStore } = await import('../../adapters/sqlite/store.ts')
  const store = await openSqliteStore(dataFolder, systemClock.now, retention(settings.store)).catch(error => {
    throw error instanceof RefusedForm ? error : new Error(unusable(dataFolder, error), { cause: error })
  })
  return {
    ...store,
    // The overrides of the fraud rule are in the copy of the policy as well.
    erasePerson: async person => {
      const erased = await store.erasePerson(person)
      return renewPolicyCopy(store, dataFolder).then(
        () => erased,
        (error: unknown) => ({
          ...erased,
          leftInFile: [erased.leftInFile, `the copy of the policy cannot be written: ${messageOf(error)}`]
            .filter(reason => reason !== undefined)
            .join('; '),
        }),
      )
    },
  }
}

function unusable(dataFolder: string, error: unknown): string {
  const why = messageOf(error).replace(/^store: /, '')
  return `The store in ${dataFolder} cannot be used: ${why}. Check that the disk has space and that you may write to the folder and its files, or set HOOKLINE_DATA_DIR to the right folder.`
}

/** The table for a command, by AWS's SDK. */
async function openTableOf(settings: Settings): Promise<Store> {
  const { openTable } = await import('../lambda/open-table.ts')
  const { createSdkTableCall } = await import('../../adapters/dynamodb/sdk-call.ts')
  return openTable(settings, createSdkTableCall({ region: settings.aws.region, attemptMs: FROM_AFAR_MS }))
}

export type ServerStore = {
  readonly store: Store
  /** The hook's policy: from the store, else the copy of the last one. */
  readonly policy: Pick<PolicyStore, 'readPolicy'>
}

/**
 * The store of a server. If the database cannot be opened or read, the server starts with the copy of the last policy and
 * uses the database once it can; it rejects only without a copy, or with `RefusedForm`. `end` ends this process if a new one could recover.
 * `hasCheckpoints`: whether this process moves the log into the database; of the workers of a server, exactly one does.
 */
export async function openServerStore(
  settings: Settings,
  aws: AwsAccess,
  record: (event: StepEvent) => void,
  end: (why: string) => void,
  hasCheckpoints: boolean,
): Promise<ServerStore> {
  const { dataFolder: folder, table } = settings.store
  if (table !== undefined) {
    const { openTable } = await import('../lambda/open-table.ts')
    const store = await openTable(settings, tableCall(settings.aws.region, aws, FROM_AFAR_MS))
    await seedTemplates(store, systemClock.now)
    return { store, policy: store }
  }
  const { now, abortAfter } = systemClock
  const { startSqliteStore } = await import('../../adapters/sqlite/store.ts')
  const hopeless = endWhenHopeless(folder, { end, now })
  const store = startSqliteStore(folder, now, retention(settings.store), {
    ...(hasCheckpoints ? { reportLogBytes: LOG_REPORTED_BYTES } : { hasCheckpointsElsewhere: true }),
    onEvent: event => {
      if (event.kind === 'log-grows')
        return record({ step: 'store', outcome: 'log-grows', detail: logGrows(event.bytes) })
      const { kind } = event
      record({ step: 'store', outcome: `thread-${kind}`, detail: kind === 'ended' ? event.cause : undefined })
      if (kind === 'ended') hopeless.down()
      else hopeless.back()
    },
  })
  const policy = policyWithCopy(store, folder, systemClock, record)
  try {
    await untilAborted(seedTemplates(store, now), abortAfter(START_MS))
  } catch (error) {
    if (error instanceof RefusedForm || !(await policy.beginWithCopy(error))) {
      await store.close()
      throw error
    }
  }
  return { store, policy }
}

function logGrows(bytes: number): string {
  return `hookline.db-wal has ${Math.round(bytes / 1024 / 1024)} MB. It cannot be reset while a program keeps hookline.db open for reading: end that program.`
}

const LOG_REPORTED_BYTES = 32 * 1024 * 1024
const START_MS = 6_000 // longer than the wait for a lock
const FROM_AFAR_MS = 5_000

/**
 * A warning if users other than its owner may enter the folder of the store; undefined if not. Its files are readable by
 * their owner only in any case. The folder is not changed, because it may be a mount.
 */
export function dataFolderProblem(dataFolder: string): string | undefined {
  const mode = statSync(dataFolder, { throwIfNoEntry: false })?.mode ?? 0
  if (process.platform === 'win32' || (mode & 0o077) === 0) return undefined
  const octal = (mode & 0o777).toString(8)
  return `${dataFolder} is accessible to users other than its owner (mode ${octal}). Run: chmod 700 ${dataFolder}`
}
