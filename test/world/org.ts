import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OrgHandle } from '../../simulators/okta/management/org-handle.ts'
import type { Okta } from '../../simulators/okta/okta.ts'
import { createMemoryStore } from '../../src/adapters/memory/store.ts'
import { oktaCommand } from '../../src/cli/okta/okta.ts'
import type { OktaAccess } from '../../src/cli/terminal/context.ts'
import { createOktaAccess } from '../../src/main/commands/okta-access.ts'
import { noTerminal, runCommand } from '../fixtures/commands.ts'
import { NOW } from '../fixtures/planning.ts'

/** Of the event hook that the commands make. */
export const EVENT_SECRET = 'a-secret-of-event-hooks-in-tests-only'

export type RanOkta = {
  readonly text: string
  readonly problem: Error | undefined
  readonly exitCode: number
  readonly asked: readonly string[]
}

/** A new org, and the `okta` commands in this process. */
export type Org = {
  readonly org: OrgHandle
  /**
   * `hookline okta <args> --org <the org>`; with `--yes` unless answers are given. `~` is a space in an argument.
   */
  readonly runOkta: (args: string, more?: RunOptions) => Promise<RanOkta>
  /** A call of the management API, as by an administrator. */
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
  /** Called after each printed text. */
  readonly onPrint?: () => void
  /** Uses the org's service app instead of the API token. */
  readonly asApp?: boolean
}

export function controlsOf(okta: Okta, org: OrgHandle, folder: string): Org {
  async function runOkta(
    args: string,
    { answers, access = {}, pauses = [], asApp = false, interruption, onPrint }: RunOptions = {},
  ): Promise<RanOkta> {
    const asked: string[] = []
    const oktaAccess: OktaAccess = {
      ...createOktaAccess({ OKTA_API_TOKEN: org.apiToken, HOOKLINE_EVENT_SECRETS: EVENT_SECRET }, noTerminal),
      isAtTerminal: answers !== undefined,
      ask: async question => answers?.[asked.push(question) - 1] ?? assert.fail(`no answer for: ${question}`),
      ...access,
    }
    const { printed, problem, exitCode } = await runCommand(
      (program, context) =>
        oktaCommand(program, {
          ...context,
          okta: oktaAccess,
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
    assert.ok(org.serviceApp)
    const file = join(folder, 'key.json')
    writeFileSync(file, JSON.stringify(org.serviceApp.privateKey))
    return ['--client-id', org.serviceApp.clientId, '--key-file', file]
  }

  return {
    org,
    runOkta,
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
  }
}

/** A set-up without its random IDs: equal for orgs with the same set-up. */
export function shapeOf({
  org,
  hook,
}: {
  readonly org: OrgHandle
  readonly hook: { readonly url: string }
}): string {
  const known = new Map<string, string>()
  const written = org
    .export()
    .replaceAll(hook.url, 'HOOK')
    .replace(/http:\/\/127\.0\.0\.1:\d+/g, 'ORG')
  return written
    .replace(/"n": "[^"]+"/g, '"n": "…"')
    .replace(
      /\b(?:HKY|who|0oa|00p|0pr|scp|cal|aut|aus|rul|rst|00T|00g|oct)[A-Za-z0-9]{17}\b|\b[0-9a-f]{8}-[0-9a-f-]{27}\b/g,
      id => {
        const name = known.get(id) ?? `${id.slice(0, 3)}#${known.size}`
        known.set(id, id.includes('-') ? 'kid' : name)
        return id.includes('-') ? 'kid' : name
      },
    )
}
