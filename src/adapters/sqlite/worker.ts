import { parentPort, workerData } from 'node:worker_threads'
import type { Retention } from '../../core/store.ts'
import { openOperations } from './operations.ts'

/**
 * SQLite is synchronous: a held lock or a stalled disk stops the thread that waits for it. It is this one,
 * never the one that answers Okta.
 */
if (parentPort === null) throw new Error('This file runs as a worker thread only')
const port = parentPort
const { dataFolder, retention } = workerData as { dataFolder: string; retention: Retention }
const operations = openOperations(dataFolder, retention)

port.on('message', ({ id, verb, args }: { id: number; verb: keyof typeof operations; args: unknown[] }) => {
  try {
    if (verb !== 'close') operations.checkInPlace()
    const result = (operations[verb] as (...args: unknown[]) => unknown)(...args)
    port.postMessage({ id, result })
    if (verb === 'close') port.close()
  } catch (error) {
    port.postMessage({ id, error: error instanceof Error ? error.message : String(error) })
  }
})
