import { setTimeout } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { StatsOfHour, StatsQuery } from '../../core/records/delivery-store.ts'
import { mergeStats } from '../../core/records/stats.ts'
import type { Retention, Store } from '../../core/records/store.ts'
import { keepThread, type ThreadOptions } from './thread.ts'
import type { WorkerData } from './worker.ts'

/** The embedded store: one SQLite file in `dataFolder`, used by a separate thread. Rejects if it cannot be opened. */
export async function openSqliteStore(
  dataFolder: string,
  now: () => number,
  retention: Retention,
): Promise<Store> {
  const store = startSqliteStore(dataFolder, now, retention)
  try {
    await store.readPolicy() // the file is open and its schema is up to date
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}

/**
 * The same for a server, which also starts if the database cannot be opened: calls are rejected until it can. If the
 * file is removed or replaced, it is opened again. With `reportLogBytes`, a second thread keeps the log short, and a
 * log that still grows to this size is reported. With `hasCheckpointsElsewhere`, another process does that.
 */
export function startSqliteStore(
  dataFolder: string,
  now: () => number,
  retention: Retention,
  options: Omit<ThreadOptions, 'start'> &
    Partial<Pick<WorkerData, 'reportLogBytes' | 'hasCheckpointsElsewhere'>> = {},
): Store {
  const { reportLogBytes, hasCheckpointsElsewhere = false, ...threadOptions } = options
  const workerData: WorkerData = { dataFolder, retention, reportLogBytes, hasCheckpointsElsewhere }
  const start = (): Worker => new Worker(new URL('./worker.ts', import.meta.url), { workerData })
  const { call, generation, close } = keepThread({ ...threadOptions, start })
  // Hour by hour, so that no read keeps the log from beginning again.
  const readHours = async ({ from, to, org }: StatsQuery): Promise<readonly StatsOfHour[]> => {
    const hours: StatsOfHour[] = []
    for (let start = from, end = start; start < to; start = end) {
      end = Math.min(start + HOUR_MS - (start % HOUR_MS), to)
      hours.push({ from: start, stats: await call('readStats', { from: start, to: end, org }, now()) })
    }
    return hours
  }
  return {
    // Another file may have another policy with the same version, so the cached policy belongs to one file only.
    readPolicy: async known => {
      const first = (generation() - 1) * VERSIONS_MAX
      const isKnown = known !== undefined && known >= first && known < first + VERSIONS_MAX
      const stored = await call('readPolicy', isKnown ? known - first : undefined)
      return stored && { ...stored, version: stored.version + first }
    },
    saveTemplates: (changes, by) => call('saveTemplates', changes, by),
    readTemplateVersions: of => call('readTemplateVersions', of),
    saveRoutes: (routes, by) => call('saveRoutes', routes, by),
    saveLimits: (limits, by) => call('saveLimits', limits, by),
    saveFraudPolicy: (fraud, by, replaces) => call('saveFraudPolicy', fraud, by, replaces),
    saveRoutingPolicy: (routing, by, replaces) => call('saveRoutingPolicy', routing, by, replaces),
    noteAnswers: (callers, at) => call('noteAnswers', callers, at),
    logEvent: (event, by) => call('logEvent', event, by),
    listChanges: query => call('listChanges', query, now()),
    // As text, which takes less CPU to pass between threads than these objects.
    admit: opening => call('admit', JSON.stringify(opening), now()),
    settle: delivery => call('settle', JSON.stringify(delivery), now()),
    findDelivery: id => call('findDelivery', id, now()),
    listDeliveries: query => call('listDeliveries', query, now()),
    pageDeliveries: query => call('pageDeliveries', query, now()),
    readFraudRecords: (caller, code) => call('readFraudRecords', caller, code, now()),
    addReceipt: receipt => call('addReceipt', receipt, now()),
    addAnswer: answer => call('addAnswer', answer, now()),
    findReplaced: sent => call('findReplaced', sent, now()),
    readStats: async query => ({
      stats: mergeStats((await readHours(query)).map(({ stats }) => stats)),
      until: query.to,
    }),
    readHourlyStats: async query => ({ hours: await readHours(query), until: query.to }),
    readPerson: named => call('readPerson', named, now()),
    erasePerson: async person => {
      const erased = await call('erasePerson', person, now())
      const leftInFile = await call('rewriteFile')
      return leftInFile === undefined ? erased : { ...erased, leftInFile }
    },
    // In small steps, so that requests can run between them.
    removeExpired: async () => {
      while (await call('removeExpired', now())) await setTimeout(BETWEEN_STEPS_MS)
    },
    checkWritable: () => call('checkWritable', now()),
    close,
  }
}

const HOUR_MS = 3_600_000
const VERSIONS_MAX = 1e9
const BETWEEN_STEPS_MS = 20
