import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import type { Caller } from './caller.ts'
import type { Disturbance } from './matrix.ts'
import { checksOf } from './readiness.ts'
import { requestJson } from './request-json.ts'
import { inStoreThread } from './store-thread.ts'
import { type StandIns, TOPIC } from './world.ts'

/** The processes that can be disturbed. */
export type Targets = {
  readonly standIns: StandIns
  readonly caller: Caller
  readonly hook:
    | {
        readonly pid: number
        readonly readerPid: number | undefined
        readonly dataFolder: string
        readonly errors: string
        readonly ready: { readonly ready: string }
        readonly setClock: (offset: string) => void
        readonly rotateHashKey: () => Promise<void>
      }
    | undefined
}

type End = () => Promise<void> | void

/** Starts a disturbance; resolves with the function that ends it. */
export function disturb(what: Disturbance, targets: Targets): Promise<End> {
  return DISTURBANCES[what](targets)
}

const DISTURBANCES: Readonly<Record<Disturbance, (targets: Targets) => Promise<End>>> = {
  'carrier frozen': async ({ standIns }) => {
    standIns.carrier().signal('SIGSTOP')
    return () => standIns.carrier().signal('SIGCONT')
  },
  'carrier gone': async ({ standIns }) => {
    await standIns.stopCarrier()
    return standIns.restartCarrier
  },
  'keys down': targets => keysFault(targets, { mode: 'down' }),
  'keys slow': targets => keysFault(targets, { mode: 'slow', ms: 1_200 }),
  'keys garbage': targets => keysFault(targets, { mode: 'garbage' }),
  'keys endless': targets => keysFault(targets, { mode: 'endless' }),
  'keys rotated': targets => rotate(targets, {}),
  'keys rotated, unannounced': targets => rotate(targets, { unseen: true, drop: true }),
  'tokens expired': async ({ standIns, caller }) => {
    const url = `${standIns.okta.ready.ready}/faults/token`
    await requestJson(url, 'POST', { lifetimeSeconds: -120 })
    await caller.renewToken()
    return async () => {
      await requestJson(url, 'POST', {})
      await caller.renewToken()
    }
  },
  'database locked': async targets => {
    const database = new DatabaseSync(join(hookOf(targets).dataFolder, 'hookline.db'), { timeout: 0 })
    await takeLock(database)
    return () => {
      database.exec('ROLLBACK')
      database.close()
    }
  },
  // Limits the size of the process's files, so that writes fail as on a full disk.
  'disk full': async ({ hook }) => {
    limitFileSize(hook?.pid, '4096')
    return () => limitFileSize(hook?.pid, 'unlimited')
  },
  'junk receipts': async ({ hook, standIns }) => {
    let isOver = false
    const post = async (worker: number): Promise<void> => {
      for (let round = 0; !isOver; round += 1)
        await fetch(`${hook?.ready.ready}/events/carrier`, {
          method: 'POST',
          body: JSON.stringify(junk(`${standIns.carrierUrl}/junk-${worker}-${round}.pem`)),
        }).then(response => response.arrayBuffer())
    }
    const posts = Promise.all(Array.from({ length: 10 }, (_, worker) => post(worker)))
    return async () => {
      isOver = true
      await posts
    }
  },
  'store thread ends': targets => inStoreThread(hookOf(targets).errors, 'process.exit(1)', { once: true }),
  'store thread ends again and again': targets => inStoreThread(hookOf(targets).errors, 'process.exit(1)'),
  // Every request to it takes longer than any caller waits.
  'store thread slow': targets =>
    inStoreThread(hookOf(targets).errors, SLOW, { atEnd: 'clearInterval(slow)' }),
  // Processes of two steps of the rotation run until the end of the row.
  'hash key rotated': async targets => {
    await hookOf(targets).rotateHashKey()
    return () => undefined
  },
  'data folder removed': async targets => {
    rmSync(hookOf(targets).dataFolder, { recursive: true })
    return () => undefined
  },
  'clock back and forth': async targets => {
    const { setClock } = hookOf(targets)
    let isOver = false
    const step = async (): Promise<void> => {
      for (let round = 0; !isOver; round += 1) {
        setClock(round % 2 === 0 ? '-3600' : '+3600')
        await pause(CLOCK_STEP_MS)
      }
    }
    const steps = step()
    return async () => {
      isOver = true
      await steps
      setClock('+0')
    }
  },
  'log reader hung': async targets => {
    const { readerPid, ready } = hookOf(targets)
    if (readerPid === undefined) throw new Error('Its output goes directly into a file')
    process.kill(readerPid, 'SIGSTOP')
    await fillLog(ready.ready)
    return () => void process.kill(readerPid, 'SIGCONT')
  },
}

/** Does not block, because this process measures answers at the same time. */
async function takeLock(database: DatabaseSync): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      database.exec('BEGIN IMMEDIATE')
      return
    } catch (error) {
      if (attempt === 1_000) throw error
      await pause(1)
    }
  }
}

async function keysFault({ standIns }: Targets, fault: object): Promise<End> {
  const url = `${standIns.okta.ready.ready}/faults/keys`
  await requestJson(url, 'POST', fault)
  return () => requestJson(url, 'POST', { mode: 'up' }).then(() => undefined)
}

async function rotate({ standIns, caller }: Targets, rotation: object): Promise<End> {
  await requestJson(`${standIns.okta.ready.ready}/keys/rotate`, 'POST', rotation)
  await caller.renewToken()
  return () => undefined
}

/** A notification of the right topic without a valid signature. */
function junk(SigningCertURL: string): object {
  return {
    Type: 'Notification',
    MessageId: SigningCertURL,
    TopicArn: TOPIC,
    Message: '{"eventType":"TEXT_DELIVERED"}'.padEnd(20_000),
    Timestamp: new Date().toISOString(),
    SignatureVersion: '2',
    Signature: 'anVuaw==',
    SigningCertURL,
  }
}

const SLOW =
  'globalThis.slow = setInterval(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700), 0)'

function hookOf({ hook }: Targets): NonNullable<Targets['hook']> {
  if (hook === undefined) throw new Error('The hook has not started yet')
  return hook
}

/** Unauthenticated posts, each one or two lines in the log, until lines are dropped. */
async function fillLog(url: string): Promise<void> {
  for (let posts = 0; (await checksOf(url)).checks.log === 'ok'; posts += 200) {
    if (posts > POSTS_MAX) throw new Error('The log never became full')
    const post = () =>
      fetch(`${url}/mfa`, { method: 'POST', body: '{}' }).then(answer => answer.arrayBuffer())
    for (let batch = 0; batch < 10; batch += 1) await Promise.all(Array.from({ length: 20 }, post))
  }
}

const CLOCK_STEP_MS = 20
const POSTS_MAX = 50_000

/** Only the soft limit, so that it can be raised again. */
function limitFileSize(pid: number | undefined, bytes: string): void {
  const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`prlimit: ${stderr ?? 'not on this machine'}`)
}
