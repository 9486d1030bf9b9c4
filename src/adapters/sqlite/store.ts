import { Worker } from 'node:worker_threads'
import type { Retention, Store } from '../../core/store.ts'
import type { Operations } from './operations.ts'

/** The embedded store: one SQLite file in `dataFolder`, worked on in a thread of its own. */
export async function openSqliteStore(
  dataFolder: string,
  now: () => number,
  retention: Retention,
): Promise<Store> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { dataFolder, retention },
  })
  const waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>()
  let lastId = 0
  let broken: Error | undefined

  const breakWith = (error: Error): void => {
    broken = error
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  worker.on('message', ({ id, result, error }: { id: number; result: never; error?: string }) => {
    const call = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) call?.resolve(result)
    else call?.reject(new Error(`store: ${error}`))
  })
  worker.on('error', error => breakWith(new Error(`store: ${error.message}`)))
  worker.on('exit', () => breakWith(new Error('store: closed')))

  const call = <V extends keyof Operations>(
    verb: V,
    ...args: Parameters<Operations[V]>
  ): Promise<Awaited<ReturnType<Operations[V]>>> =>
    new Promise((resolve, reject) => {
      if (broken !== undefined) return reject(broken)
      lastId += 1
      waiting.set(lastId, { resolve, reject })
      worker.postMessage({ id: lastId, verb, args })
    })

  await call('readPolicy', undefined) // the file is open and its schema is up to date
  return {
    readPolicy: known => call('readPolicy', known),
    saveTemplates: (changes, by) => call('saveTemplates', changes, by),
    readTemplateVersions: of => call('readTemplateVersions', of),
    saveRoutes: routes => call('saveRoutes', routes),
    saveLimits: limits => call('saveLimits', limits),
    admit: opening => call('admit', opening, now()),
    settle: delivery => call('settle', delivery, now()),
    findDelivery: id => call('findDelivery', id, now()),
    listDeliveries: query => call('listDeliveries', query, now()),
    addReceipt: receipt => call('addReceipt', receipt, now()),
    removeExpired: () => call('removeExpired', now()),
    checkWritable: () => call('checkWritable', now()),
    close: async () => {
      if (broken === undefined) await call('close')
    },
  }
}
