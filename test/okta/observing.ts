import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
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
import { startFront } from '../world/stand-in-hook.ts'
import { HASH_KEY_OF_TESTS, type OrgWorld, ROUTES_OF_TESTS, startWorld } from '../world/world.ts'

/** A world with a public address for this machine, and `npm run observe` in this process. */
export type Observing = OrgWorld & {
  /** The address that Okta calls. */
  readonly url: string
  readonly out: string
  readonly observe: (
    person: Person,
    args?: readonly string[],
    access?: Partial<OktaAccess>,
  ) => Promise<Observed>
  /** Every value that must not be in a report or on a screen, but is in this text. */
  readonly leaksIn: (text: string) => readonly string[]
}

/** The user at the terminal; undefined is Ctrl-C. */
export type Person = {
  /** Called before the first step, while the hook does not call this server yet. */
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
  await using parts = new AsyncDisposableStack()
  const world = parts.use(await startWorld({ hook: 'stand-in', org: 'new' }))
  const { folder, org, okta } = world
  let target = world.hook.url.replace(/\/mfa$/, '')
  const tokens = new Set<string>()
  const front = parts.use(
    await startFront(
      () => target,
      ({ headers }) => {
        if (headers.authorization !== undefined) tokens.add(headers.authorization.replace(/^Bearer /, ''))
        return undefined
      },
    ),
  )
  const url = `${front.url}/mfa`
  const file = join(folder, 'hook.env')
  await world.runOkta(`prepare --write-env ${file}`)
  const env = { ...world.env, PORT: '0', ...parseEnv(readFileSync(file, 'utf8')) }
  await world.printed('routes', 'import', ROUTES_OF_TESTS)
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
            ...createOktaAccess({ OKTA_API_TOKEN: org.apiToken }, noTerminal),
            isAtTerminal: true,
            ...access,
          },
          observe: {
            version: () => '0.0.0',
            start: async observation => {
              const pause = (ms: number) => (ms === LATE_MS ? late.promise : assert.fail(`a pause of ${ms}`))
              const server = await startObserved(env, observation, pause)
              target = `http://127.0.0.1:${server.port}`
              return {
                ...server,
                brokenOff: ending.signal,
                ask: async question => {
                  const reply = await answer(question)
                  if (reply === undefined) ending.abort()
                  return reply
                },
              }
            },
          },
        }),
      createMemoryStore(() => NOW),
      ['observe', '--org', okta.url, '--url', url, '--out', out, ...args],
      { now: Date.now, pause: async ms => void pauses.push(ms) },
    )
    const report = existsSync(out) ? readFileSync(out, 'utf8') : undefined
    return { printed: printed.join('\n'), problem, report, pauses }
  }

  const running = parts.move()
  return {
    ...world,
    url,
    out,
    observe,
    leaksIn: text => leaksOf(text, world, url, tokens),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** The test user, with a recognisable value in every field. */
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

function leaksOf(
  text: string,
  { okta, org }: OrgWorld,
  url: string,
  tokens: ReadonlySet<string>,
): readonly string[] {
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
