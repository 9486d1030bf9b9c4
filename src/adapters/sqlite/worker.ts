import { parentPort, receiveMessageOnPort, Worker, workerData } from 'node:worker_threads'
import type { Retention } from '../../core/records/store.ts'
import { databasePath } from './database.ts'
import { type Call, openOperations } from './operations.ts'
import type { FromThread } from './thread.ts'

/**
 * SQLite is synchronous: a held lock or a stalled disk blocks the thread that waits for it. So it runs in this thread,
 * not in the one that answers Okta.
 */
if (parentPort === null) throw new Error('This file runs as a worker thread only')
const port = parentPort
const tell = (message: FromThread): void => port.postMessage(message)
const { dataFolder, retention, reportLogBytes, hasCheckpointsElsewhere } = workerData as WorkerData
const hasCheckpoints = reportLogBytes !== undefined || hasCheckpointsElsewhere
const operations = openOperations(dataFolder, { retention, hasCheckpoints })
const checkpoints = reportLogBytes !== undefined ? startCheckpoints(reportLogBytes) : undefined
let isEnding = false
tell({ isOpen: true })

/** The input from `store.ts`. */
export type WorkerData = {
  readonly dataFolder: string
  readonly retention: Retention
  /** Undefined if there is no thread for checkpoints. */
  readonly reportLogBytes: number | undefined
  /** Whether another process of this server has that thread. */
  readonly hasCheckpointsElsewhere: boolean
}

port.on('message', (first: readonly Call[] | 'close') => {
  const calls: Call[] = []
  let message: readonly Call[] | 'close' | undefined = first
  while (message !== undefined && message !== 'close') {
    calls.push(...message)
    message = calls.length < AT_ONCE_MAX ? receiveMessageOnPort(port)?.message : undefined
  }
  if (isEnding) return
  const ends = operations.runAll(calls)
  // Checked after the commit: what was written to a removed file is reported as lost, not as done.
  if (operations.wasMoved()) end({ moved: 'hookline.db was removed or replaced: it is opened again' })
  else {
    if (ends.length > 0) tell(ends)
    if (message === 'close') end({ closed: true })
  }
})

/** The checkpoint thread closes its database first: the last one to close removes the log. */
function end(message: FromThread): void {
  isEnding = true
  const finish = (): void => {
    operations.close()
    tell(message)
    port.close()
  }
  if (checkpoints === undefined) finish()
  else {
    checkpoints.once('exit', finish)
    checkpoints.postMessage('close')
  }
}

function startCheckpoints(reportBytes: number): Worker {
  const thread = new Worker(new URL('./checkpoints.ts', import.meta.url), {
    workerData: { path: databasePath(dataFolder), reportBytes },
  })
  thread.on('message', (logBytes: number) => tell({ logBytes }))
  return thread
}

/** Maximum calls in one transaction. Their callers wait for its end: a hundred calls take about ten milliseconds. */
const AT_ONCE_MAX = 100
