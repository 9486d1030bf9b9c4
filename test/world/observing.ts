import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { parseEnv } from 'node:util'
import { startEndUserMessaging } from '../../simulators/aws/end-user-messaging/server.ts'
import type { CallOrder } from '../../simulators/okta/call-order.ts'
import { createMemoryStore } from '../../src/adapters/memory/store.ts'
import type { OktaAccess } from '../../src/cli/terminal/context.ts'
import { createOktaAccess } from '../../src/main/commands/okta-access.ts'
import { observeCommand } from '../../tools/observe/command.ts'
import { startObserved } from '../../tools/observe/observe-access.ts'
import { LATE_MS, type StepName, steps } from '../../tools/observe/steps.ts'
import { noTerminal, runCommand } from '../fixtures/commands.ts'
import { NOW } from '../fixtures/planning.ts'
import { findLeaks } from '../support/leaks.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { CREDENTIALS, HASH_KEY_OF_TESTS, ROUTES_OF_TESTS } from './hook-bench.ts'
import { type SettingUp, settingUp } from './okta-setting-up.ts'
import { runHookline } from './program.ts'

/** An org, an address in front of this machine, a carrier, and `npm run observe` in this process. Ends with `await using`. */
export type Observing = AsyncDisposable & {
  readonly setting: SettingUp
  /** The address that Okta calls. */
  readonly url: string
  readonly out: string
  readonly observe: (
    person: Person,
    args?: readonly string[],
    access?: Partial<OktaAccess>,
  ) => Promise<Observed>
  /** How many messages the carrier has taken so far. */
  readonly messageCount: () => Promise<number>
  /** Everything that may be in no report and on no screen, and was found in this text. */
  readonly leaksIn: (text: string) => readonly string[]
}

/** Who sits at the terminal; undefined is Ctrl-C. */
export type Person = {
  /** Before the first step, when the hook does not call this server yet. */
  readonly getReady?: (printed: string) => Promise<unknown>
  /** What the test user does in a step. */
  readonly signIn: (step: StepName) => Promise<string | undefined>
  readonly codes: (step: StepName) => string | undefined
}

type Observed = {
  readonly printed: string
  readonly problem: Error | undefined
  readonly report: string | undefined
  readonly pauses: readonly number[]
}

export async function startObserving(): Promise<Observing> {
  Object.assign(process.env, CREDENTIALS) // AWS's SDK finds them here and nowhere else
  await using stack = new AsyncDisposableStack()
  const setting = stack.use(await settingUp())
  const folder = stack.use(temporaryFolder()).path
  const carrier = stack.adopt(await startEndUserMessaging({ port: 0 }), one => one.close())
  const front = stack.use(await startFront(setting.hook.url))
  const file = join(folder, 'hook.env')
  await setting.run(`prepare --write-env ${file}`)
  const env = {
    HOOKLINE_DATA_DIR: join(folder, 'data'),
    HOOKLINE_HASH_KEY: HASH_KEY_OF_TESTS,
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: carrier.url,
    PORT: '0',
    ...parseEnv(readFileSync(file, 'utf8')),
  }
  const { code, stderr } = await runHookline(['routes', 'import', ROUTES_OF_TESTS], { env: env as never })
  assert.equal(code, 0, stderr)
  const out = join(folder, 'report.md')

  const observe: Observing['observe'] = async (person, args = [], access = {}) => {
    const pauses: number[] = []
    const shown: string[] = []
    const late = Promise.withResolvers<void>()
    const ending = new AbortController()
    let at = -1
    const chosen = args[0] === '--steps' ? (args[1] ?? '').split(',') : undefined
    const names = steps.map(({ name }) => name).filter(name => chosen?.includes(name) ?? true)
    const answer = async (question: string): Promise<string | undefined> => {
      if (/to begin/.test(question)) return ''
      if (/when that is done/.test(question)) {
        await person.getReady?.(shown.join('\n'))
        return ''
      }
      if (/when it is done/.test(question)) at += 1
      const step = names[at] ?? assert.fail(question)
      if (/How many codes/.test(question)) return person.codes(step)
      const done = await person.signIn(step)
      if (step === 'late') late.resolve() // Okta has given up
      return done
    }
    const { printed, problem } = await runCommand(
      (program, context) =>
        observeCommand(program, {
          ...context,
          print: text => {
            shown.push(text)
            context.print(text)
          },
          okta: {
            ...createOktaAccess({ OKTA_API_TOKEN: setting.org.apiToken }, noTerminal),
            isAtTerminal: true,
            ...access,
          },
          observe: {
            version: () => '0.0.0',
            start: async observation => {
              const pause = (ms: number) => (ms === LATE_MS ? late.promise : assert.fail(`a pause of ${ms}`))
              const server = await startObserved(env, observation, pause)
              front.lead(`http://127.0.0.1:${server.port}/mfa`)
              return {
                ...server,
                brokenOff: ending.signal,
                ask: async question => {
                  const said = await answer(question)
                  if (said === undefined) ending.abort()
                  return said
                },
              }
            },
          },
        }),
      createMemoryStore(() => NOW),
      ['observe', '--org', setting.okta.url, '--url', front.url, '--out', out, ...args],
      { now: Date.now, pause: async ms => void pauses.push(ms) },
    )
    const report = existsSync(out) ? readFileSync(out, 'utf8') : undefined
    return { printed: printed.join('\n'), problem, report, pauses }
  }

  const running = stack.move()
  return {
    setting,
    url: front.url,
    out,
    observe,
    messageCount: async () => ((await (await fetch(`${carrier.url}/messages`)).json()) as object[]).length,
    leaksIn: text => leaksOf(text, setting, front),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** The test user, whose every value is to be recognised. */
export const SIGN_INS: Readonly<Record<StepName, CallOrder>> = {
  text: signIn('740815'),
  call: signIn('740816', { channel: 'voice', locale: 'pt_BR' }),
  reset: signIn('740817', { purpose: 'password-reset' }),
  pending: signIn('740818'),
  failed: signIn('740819'),
  error: signIn('740820'),
  late: signIn('740821', { fresh: true }),
  recovery: signIn('740822', { purpose: 'password-reset' }),
  enrolment: signIn('740823', { purpose: 'pre-enrollment' }),
  preview: { ...signIn('11111'), to: '9876543210', preview: true },
}

function signIn(code: string, more: Partial<CallOrder> = {}): CallOrder {
  return {
    to: '+12065550142',
    code,
    user: { firstName: 'Zebulon', lastName: 'Quackenbush', login: 'zeb.quackenbush@example.org' },
    overrides: { data: { context: { request: { ipAddress: '203.0.113.77' } } } },
    ...more,
  }
}

/** What people have on this machine: a public address that leads to the server. It sees every header. */
async function startFront(first: string) {
  let target = first
  const tokens = new Set<string>()
  const server = createServer(async (request, response) => {
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers
    if (headers.authorization !== undefined) tokens.add(headers.authorization.replace(/^Bearer /, ''))
    const body = await buffer(request)
    const answered = await fetch(target, { method: 'POST', headers: headers as Record<string, string>, body })
    response.writeHead(answered.status, { 'content-type': 'application/json' })
    response.end(Buffer.from(await answered.arrayBuffer()))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mfa`,
    lead: (to: string): void => {
      target = to
    },
    tokens,
    [Symbol.asyncDispose]: (): Promise<void> => {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}

type Front = Awaited<ReturnType<typeof startFront>>

function leaksOf(text: string, { okta, org, api: _ }: SettingUp, { url, tokens }: Front): readonly string[] {
  const bodies = okta.calls().map(({ sent }) => sent as unknown as Sent)
  const values = bodies.flatMap(({ eventId, source, data: { context, userProfile, messageProfile } }) => [
    eventId,
    source,
    context.request.id,
    context.request.ipAddress,
    ...Object.values(userProfile),
    messageProfile.phoneNumber,
    messageProfile.phoneNumber.slice(1),
    messageProfile.phoneNumber.slice(-4),
    messageProfile.otpCode,
    messageProfile.msgTemplate ?? messageProfile.otpCode,
  ])
  assert.ok(values.every(value => value === undefined || value.length >= 4))
  const halves = [...tokens].flatMap(token => [token, ...token.split('.')])
  const others = [
    org.apiToken,
    HASH_KEY_OF_TESTS,
    okta.url,
    new URL(okta.url).host,
    okta.clientId,
    url,
    ...halves,
  ]
  const all = [...new Set([...values, ...others])]
    .filter(value => value !== undefined)
    .map(value => ({ name: value, value }))
  const plain = all.filter(({ value }) => text.includes(value)).map(({ value }) => `holds ${value}`)
  const places = [{ name: 'it', bytes: Buffer.from(text) }]
  return [
    ...plain,
    ...findLeaks(
      all.filter(({ value }) => value.length >= 8),
      places,
    ),
  ]
}

type Sent = {
  readonly eventId: string
  readonly source: string
  readonly data: {
    readonly context: { readonly request: { readonly id?: string; readonly ipAddress: string } }
    readonly userProfile: Readonly<Record<string, string>>
    readonly messageProfile: {
      readonly phoneNumber: string
      readonly otpCode: string
      readonly msgTemplate?: string
    }
  }
}
