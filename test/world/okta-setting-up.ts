import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { OrgHandle } from '../../simulators/okta/management/org-handle.ts'
import type { Okta, OktaOptions } from '../../simulators/okta/okta.ts'
import { createMemoryStore } from '../../src/adapters/memory/store.ts'
import { oktaCommand } from '../../src/cli/okta/okta.ts'
import type { OktaAccess } from '../../src/cli/terminal/context.ts'
import { createOktaAccess } from '../../src/main/commands/okta-access.ts'
import { noTerminal, runCommand } from '../fixtures/commands.ts'
import { NOW } from '../fixtures/planning.ts'
import { startJudgedOkta } from '../support/okta-contract/judged-okta.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

export type RanOkta = {
  readonly text: string
  readonly problem: Error | undefined
  readonly exitCode: number
  readonly asked: readonly string[]
}

/** A new org, a hook that answers, and the `okta` commands in this process. Ends with `await using`. */
export type SettingUp = AsyncDisposable & {
  readonly okta: Okta
  readonly org: OrgHandle
  readonly hook: StandInHook
  /** `hookline okta <args> --org <the org>`; with `--yes` unless answers are given. `~` is a blank in a word. */
  readonly run: (args: string, more?: RunOptions) => Promise<RanOkta>
  /** A call of the management API, as an administrator by hand makes it. */
  readonly api: (method: string, path: string, body?: object) => Promise<Json>
  readonly exported: () => Export
}

export type Json = { readonly [name: string]: unknown; readonly id: string }
type Export = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>

type RunOptions = {
  readonly answers?: readonly string[]
  readonly access?: Partial<OktaAccess>
  readonly pauses?: number[]
  /** Ctrl-C. */
  readonly interruption?: AbortSignal
  /** After each text that was printed. */
  readonly onPrint?: () => void
  /** By the org's service app instead of the API token. */
  readonly asApp?: boolean
}

export async function settingUp(options: Partial<OktaOptions> = {}): Promise<SettingUp> {
  await using stack = new AsyncDisposableStack()
  const okta = stack.adopt(await startJudgedOkta(options), one => one.close())
  const { org } = okta
  assert.ok(org)
  const hook = stack.use(await startHook())
  const folder = stack.use(temporaryFolder()).path
  const running = stack.move()

  async function run(
    args: string,
    { answers, access = {}, pauses = [], asApp = false, interruption, onPrint }: RunOptions = {},
  ): Promise<RanOkta> {
    const asked: string[] = []
    const given: OktaAccess = {
      ...createOktaAccess({ OKTA_API_TOKEN: org?.apiToken ?? '' }, noTerminal),
      isAtTerminal: answers !== undefined,
      ask: async question =>
        answers?.[asked.push(question) - 1] ?? assert.fail(`nobody answers: ${question}`),
      ...access,
    }
    const { printed, problem, exitCode } = await runCommand(
      (program, context) =>
        oktaCommand(program, {
          ...context,
          okta: given,
          print: text => {
            context.print(text)
            onPrint?.()
          },
        }),
      createMemoryStore(() => NOW),
      [
        'okta',
        ...args.split(' ').map(word => word.replaceAll('~', ' ')),
        '--org',
        okta.url,
        ...(asApp ? appCredential() : []),
        ...(answers === undefined ? ['--yes'] : []),
      ].filter(word => word !== '--yes' || !args.startsWith('preview')),
      {
        now: Date.now,
        pause: async ms => void pauses.push(ms),
        ...(interruption !== undefined && { interruption: () => interruption }),
      },
    )
    return { text: printed.join('\n'), problem, exitCode, asked }
  }

  function appCredential(): readonly string[] {
    assert.ok(org?.serviceApp)
    const file = join(folder, 'key.json')
    writeFileSync(file, JSON.stringify(org.serviceApp.privateKey))
    return ['--client-id', org.serviceApp.clientId, '--key-file', file]
  }

  return {
    okta,
    org,
    hook,
    run,
    api: async (method, path, body) => {
      const response = await fetch(`${okta.url}/api/v1${path}`, {
        method,
        headers: { Authorization: `SSWS ${org.apiToken}`, 'Content-Type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const answered = await response.text()
      assert.ok(response.ok, `${method} ${path}: ${response.status} ${answered}`)
      return answered === '' ? { id: '' } : (JSON.parse(answered) as Json)
    },
    exported: () => JSON.parse(org.export()) as Export,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** A set-up without what is made up anew each time: two of them are equal if the orgs are set up alike. */
export function shapeOf({ org, hook }: SettingUp): string {
  const known = new Map<string, string>()
  const written = org
    .export()
    .replaceAll(hook.url, 'HOOK')
    .replace(/http:\/\/127\.0\.0\.1:\d+/g, 'ORG')
  return written
    .replace(/"n": "[^"]+"/g, '"n": "…"')
    .replace(
      /\b(?:HKY|0oa|00p|0pr|scp|cal|aut|aus|rul|rst|00T|00g|oct)[A-Za-z0-9]{17}\b|\b[0-9a-f]{8}-[0-9a-f-]{27}\b/g,
      id => {
        const name = known.get(id) ?? `${id.slice(0, 3)}#${known.size}`
        known.set(id, id.includes('-') ? 'kid' : name)
        return id.includes('-') ? 'kid' : name
      },
    )
}

type StandInHook = AsyncDisposable & {
  readonly url: string
  /** What it answers to a request with a credential. */
  readonly answer: (answer: HookAnswer) => void
  readonly calls: readonly { readonly credential: string; readonly body: unknown }[]
}
type HookAnswer = 'sent' | 'failed' | 'unauthenticated' | 'garbage'

/** Turns unauthenticated callers away, and tells whoever has a credential that the code is sent. */
async function startHook(): Promise<StandInHook> {
  let current: HookAnswer = 'sent'
  const calls: { readonly credential: string; readonly body: unknown }[] = []
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const credential = request.headers.authorization ?? request.headers['x-hookline-secret']
    if (credential === undefined || current === 'unauthenticated') return void response.writeHead(401).end()
    calls.push({ credential: String(credential), body: JSON.parse(body) })
    const status = current === 'failed' ? 'FAILED' : 'SUCCESSFUL'
    const value = [
      { status, provider: 'stand-in', transactionId: `t${calls.length}`, transactionMetadata: 'm' },
    ]
    const answer = {
      commands: [{ type: 'com.okta.telephony.action', value }],
      // As Hookline's own hook: previews are told who is asking, and failures have their reason.
      debugContext: {
        ...(body.includes('/generatePreview') && { caller: 'stand-in', credential: 'secret header' }),
        ...(current === 'failed' && { code: 'ROUTE_MISSING', meaning: 'No route.' }),
      },
    }
    response.writeHead(200, { 'Content-Type': 'application/json' })
    response.end(current === 'garbage' ? '<html>' : JSON.stringify(answer))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mfa`,
    answer: answer => {
      current = answer
    },
    calls,
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}
