import { parentPort, workerData } from 'node:worker_threads'
import type { Retention } from '../../core/records/store.ts'
import { messageOf } from '../../core/values/message-of.ts'
import { openOperations } from './operations.ts'
import type { FromThread } from './thread.ts'

/**
 * SQLite is synchronous: a held lock or a stalled disk stops the thread that waits for it. It is this one,
 * never the one that answers Okta.
 */
if (parentPort === null) throw new Error('This file runs as a worker thread only')
const port = parentPort
const say = (message: FromThread): void => port.postMessage(message)
const { dataFolder, retention } = workerData as { dataFolder: string; retention: Retention }
const operations = openOperations(dataFolder, retention)
say({ isOpen: true })

port.on('message', ({ id, verb, args }: { id: number; verb: keyof typeof operations; args: unknown[] }) => {
  try {
    if (verb !== 'close' && operations.wasMoved()) {
      operations.close()
      say({ moved: 'hookline.db was removed or replaced: it is opened anew' })
      port.close()
      return
    }
    const result = (operations[verb] as (...args: unknown[]) => unknown)(...args)
    say({ id, result })
    if (verb === 'close') port.close()
  } catch (error) {
    say({ id, error: messageOf(error) })
  }
})
