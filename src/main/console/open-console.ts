import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { getRequestListener } from '@hono/node-server'
import { noteRefused, type Tried } from '../../advice/coverage/try-countries.ts'
import type { Examination } from '../../advice/examination.ts'
import { explainRule } from '../../cli/codes/explain-rule.ts'
import type { DoctorContext } from '../../cli/doctor/access.ts'
import { numberAtAws } from '../../cli/fraud/number-at-aws.ts'
import { readOrgUrl } from '../../cli/okta/credential.ts'
import { type OptOutContext, removeOptOuts } from '../../cli/routes/optouts.ts'
import { askAws, type RoutesContext, tryerOf } from '../../cli/routes/try-routes.ts'
import { speak } from '../../cli/templates/preview-audio.ts'
import type { SendContext } from '../../cli/templates/templates-send.ts'
import type { Environment } from '../../config/environment.ts'
import { readSettings } from '../../config/settings.ts'
import { createConsole } from '../../console/console.ts'
import { createDoor, type Door } from '../../console/door.ts'
import { createDoctor, type Target } from '../../console/examination-run.ts'
import type { Assets, ConsoleParts } from '../../console/screen.ts'
import { createSpeech } from '../../console/speech.ts'
import type { Store } from '../../core/records/store.ts'
import { listen } from '../server/listen.ts'

export type OpenConsole = {
  /** With a token that lets one browser in, once. */
  readonly address: () => string
  /** Without the token. */
  readonly url: string
  readonly close: () => Promise<void>
}

/** The console on loopback, over the context of the commands. It has its own connection to the store. */
export async function openConsole(
  context: RoutesContext & DoctorContext & SendContext & OptOutContext,
  options: {
    readonly port: number
    /** What names the port, in the message that it is in use. */
    readonly setting: string
    readonly isReadOnly: boolean
    /** Of a deployment; see `ConsoleParts`. */
    readonly readAlarms?: ConsoleParts['readAlarms']
    /** Whether this rejects if the store cannot be opened. A server starts without it, and pages open it later. */
    readonly needsStore: boolean
    /** After each sign-in: the address for another browser. */
    readonly onOpened: (address: string) => void
  },
): Promise<OpenConsole> {
  await using opened = new AsyncDisposableStack()
  const store = laterStore(context.openStore)
  opened.defer(store.close)
  if (options.needsStore) await store.open()
  const app = createConsole({
    store: store.ports,
    planRules: context.planRules(),
    digests: context.digests,
    now: context.now,
    doctor: createDoctor((target, progress) => examineFor(context, target, progress), context.now),
    removeOptOuts: async (number, by) => removeOptOuts(number, by, await store.open(), context),
    numberAtAws: (number, override) =>
      numberAtAws({ ...context, endWith: () => undefined }, number.reveal(), override),
    readAlarms: options.readAlarms,
    canary: canaryOf(context.doctor.environment),
    speech: createSpeech((ssml, voiceId) => speak(ssml, voiceId, context.inheritedEnvironment())),
    explainRule: async (request, planned, policy, who) =>
      explainRule(request, planned, policy, await store.open(), who, context),
    sendOnce: context.sendOnce,
    tryCountries: async (countries, report) => {
      const tried: Tried[] = []
      await askAws(countries, undefined, context, one => {
        tried.push(one)
        report(one)
      })
      if (options.isReadOnly) return undefined
      return noteRefused(await store.open(), tried, tryerOf(context)).then(
        () => undefined,
        (error: unknown) => error,
      )
    },
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    assets: readAssets(),
  })
  let door: Door | undefined
  const answer = (request: Request): Response | Promise<Response> =>
    door?.answer(request) ?? new Response(null, { status: 503 })
  const { port, setting, isReadOnly, onOpened } = options
  const server = await listen(getRequestListener(answer), '127.0.0.1', port, setting)
  opened.defer(server.close)
  door = createDoor({
    ...{ console: app, origin: server.url, isReadOnly, onOpened, now: context.now },
    visitorName: context.author() ?? 'unknown',
    newToken: () => randomBytes(32).toString('base64url'),
  })
  // The first visitor then does not wait until the code is compiled, and the day read from the disk.
  if (options.needsStore && options.readAlarms === undefined)
    await app(new Request(server.url), { name: '', isReadOnly: true, formToken: '' })
  const closing = opened.move()
  return { address: door.address, url: server.url, close: () => closing.disposeAsync() }
}

function canaryOf(environment: Environment): ConsoleParts['canary'] {
  const read = readSettings(environment)
  if (read.kind === 'problems') return undefined
  const { country } = read.settings.canary
  return country === 'off' ? undefined : country
}

/** The store, opened when it is first used, and tried again after a failure. */
function laterStore(openStore: () => Promise<Store>) {
  let opening: Promise<Store> | undefined
  const open = (): Promise<Store> => {
    opening ??= openStore().catch((error: unknown) => {
      opening = undefined
      throw error
    })
    return opening
  }
  const ports = new Proxy({} as ConsoleParts['store'], {
    get:
      (_, verb: keyof ConsoleParts['store']) =>
      async (...args: readonly unknown[]): Promise<unknown> => {
        const store = await open()
        return (store[verb] as (...args: readonly unknown[]) => Promise<unknown>)(...args)
      },
  })
  return { ports, open, close: async () => (await opening?.catch(() => undefined))?.close() }
}

/** Without questions at the terminal, where nobody waits for them. */
async function examineFor(
  context: DoctorContext,
  { org, stack, region }: Target,
  progress: (line: string) => void,
): Promise<Examination> {
  const { examineOnce } = await import('../../cli/doctor/doctor.ts')
  const { okta, doctor } = context
  const quiet = {
    ...context,
    okta: { ...okta, isAtTerminal: false },
    doctor: { ...doctor, progress },
    print: progress,
  }
  const credential = org === undefined ? undefined : { org: readOrgUrl(org) }
  const target = { credential, name: undefined, url: undefined, stack, region, previewTo: undefined }
  return (await examineOnce(quiet, target)).examination
}

function readAssets(): Assets {
  const read = (name: string): string =>
    readFileSync(new URL(`../../console/${name}`, import.meta.url), 'utf8')
  return { style: read('style.css'), island: read('island.js'), icon: read('icon.svg') }
}
