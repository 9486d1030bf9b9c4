import { startProgram } from '../test/world/processes.ts'

/** Milliseconds from the start of the process. */
export type StartUp = {
  /** First 200 on `/healthz`. */
  readonly healthyMs: number
  /** First 200 on the hook, with a code sent; the issuer's keys had to be fetched for it. */
  readonly sentMs: number
}

/** Starts `serve` of the program at `hookline` and calls it as soon as it says that it listens. */
export async function measureStartUp(
  hookline: string,
  env: Readonly<Record<string, string>>,
  token: string,
  body: string,
  logFile: string,
): Promise<StartUp> {
  const startedAt = performance.now()
  await using hook = await startProgram(hookline, ['serve'], {
    env,
    stdout: logFile,
    stderr: logFile,
  })

  const signal = AbortSignal.timeout(LIMIT_MS)
  const health = await fetch(`${hook.ready.ready}/healthz`, { signal })
  await health.arrayBuffer()
  const healthyMs = performance.now() - startedAt
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const sent = await fetch(`${hook.ready.ready}/mfa`, { method: 'POST', headers, body, signal })
  const answer = await sent.text()
  const sentMs = performance.now() - startedAt
  if (health.status !== 200 || !answer.includes('"SUCCESSFUL"')) {
    throw new Error(`serve answered ${health.status}, then ${sent.status} ${answer}`)
  }
  return { healthyMs, sentMs }
}

const LIMIT_MS = 10_000
