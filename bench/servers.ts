import { join } from 'node:path'
import type { ChildProgram } from '../test/world/processes.ts'
import { spawnHookline } from '../test/world/processes.ts'
import { type HttpCost, loadOverHttp, type Target } from './http-load.ts'
import { type StandIns, writeRoutes } from './stand-ins.ts'

/** A server with a hook, in a process of its own. */
export type Server = Target & Pick<ChildProgram, typeof Symbol.asyncDispose>

/**
 * `hookline serve` of the program at `hookline`, with a store of its own: one route, limits that count and refuse nothing.
 * Also an older version, whose routes were imported by `identities`.
 */
export async function startServe(
  standIns: StandIns,
  hookline: string,
  store: string,
  nextBody: () => string,
  flags: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const env = standIns.hookEnv(store, standIns.carriers.quick)
  await prepareStore(hookline, env, writeRoutes(standIns.folder))
  const child = await standIns.launch(hookline, ['serve'], { ...env, ...flags })
  return serverOf(child, `${child.ready.ready}/mfa`, standIns.token, nextBody)
}

/** Templates are there from the first command on. */
export async function prepareStore(
  hookline: string,
  env: Readonly<Record<string, string>>,
  routes: string,
): Promise<void> {
  const run = (...args: readonly string[]) => spawnHookline(args, { program: hookline, env })
  const imported = await run('routes', 'import', routes)
  if (imported.code !== 0) await run(BEFORE_ROUTES, 'import', routes)
  const { code, stderr } = await run('limits', 'observe')
  if (code !== 0) throw new Error(`hookline limits observe ended with ${code}: ${stderr}`)
}

export async function startPlainHook(standIns: StandIns, nextBody: () => string): Promise<Server> {
  const { okta, carriers, hookEnv, launch, token } = standIns
  const child = await launch('bench/plain-hook.mjs', [], {
    ...hookEnv('none', carriers.quick),
    OKTA_ISSUER: okta.issuer,
    OKTA_AUDIENCE: okta.audience,
    OKTA_CLIENT_ID: okta.clientId,
    OKTA_SCOPE: okta.scope,
    ORIGINATION_IDENTITY: '+12065550100',
    NODE_ENV: 'production',
  })
  return serverOf(child, `${child.ready.ready}/mfa`, token, nextBody)
}

function serverOf(child: ChildProgram, url: string, token: string, nextBody: () => string): Server {
  return { url, pid: child.pid, token, nextBody, [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() }
}

/** One server in one round: its cost by number of connections. */
export type HttpTurn = ReadonlyMap<number, HttpCost>

export async function takeHttpTurn(
  server: Server,
  connections: readonly number[],
  requests: number,
): Promise<HttpTurn> {
  const turn = new Map<number, HttpCost>()
  for (const concurrency of connections)
    turn.set(concurrency, await loadOverHttp(server, { requests, concurrency }))
  return turn
}

export const hooklineIn = (folder: string): string => join(folder, 'src/main/hookline.ts')

const BEFORE_ROUTES = 'identities'
