import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { createWorld, startProcess } from '../../test/fixtures/delivering.ts'
import { hookCall } from '../../test/fixtures/hook-call.ts'
import { NOW, planRules } from '../../test/fixtures/planning.ts'
import { makeKey, makeToken, tokenRules } from '../../test/fixtures/tokens.ts'
import { keepPolicy } from '../core/deliver/live-policy.ts'
import type { Ports } from '../core/deliver/ports.ts'
import { Secret } from '../core/values/secret.ts'
import { type AuthenticationMethods, identifyCaller } from '../okta/caller.ts'
import type { AnswerRules } from '../okta/hook-response.ts'
import { keepSigningKeys } from '../okta/signing-keys.ts'
import { createVerifiedTokens } from '../okta/verified-tokens.ts'
import { createHook } from './hook.ts'

const BUDGET_MS = 500
const SECRET = 's'.repeat(32)
const CANDIDATE = '+18665550100'
const withSecret: AuthenticationMethods = {
  tokens: [],
  verified: createVerifiedTokens(),
  secretHeaders: [{ org: undefined, rules: { name: 'x-hook-secret', secrets: [new Secret(SECRET)] } }],
}
const hangs = (): Promise<never> => new Promise(() => {})
const bodyOf = (changed: object = {}): string =>
  JSON.stringify({
    eventId: 'event-1',
    requestType: 'com.okta.user.telephony.mfa-verification',
    data: {
      userProfile: { userId: '00u1', login: 'ada@example.com' },
      messageProfile: {
        phoneNumber: '+34683783440',
        otpCode: '493817',
        deliveryChannel: 'SMS',
        locale: 'EN-US',
      },
    },
    ...changed,
  })

type Answer = {
  commands?: [
    { type: string; value: [{ status: string; transactionId: string; transactionMetadata: string }] },
  ]
  error?: { errorSummary: string }
  debugContext?: { code: string }
}

async function setUp(
  input: {
    ports?: Partial<Ports>
    authenticationMethods?: AuthenticationMethods
    answerRules?: AnswerRules
  } = {},
) {
  const world = await createWorld()
  const { clock } = world
  const hookline = startProcess(world, input.ports)
  const hook = createHook({
    identify: (call, now, signal) =>
      identifyCaller(call.header, input.authenticationMethods ?? withSecret, now, signal),
    planRules,
    answerRules: input.answerRules ?? { overLimit: 'error', blocked: 'error', unknown: 'failed' },
    budgetMs: BUDGET_MS,
    ports: hookline.ports,
    state: hookline.state,
  })
  return {
    ...world,
    hookline,
    /** The answer to one request, how long it took by the clock, and what Okta hears. */
    ask: async (
      body: string | Readable = bodyOf(),
      headers: Record<string, string> = {},
      arrivedAt?: number,
    ) => {
      const startedAt = clock.now()
      const gateway = arrivedAt === undefined ? undefined : { arrivedAt, authorizer: undefined }
      const call = hookCall(body, { 'x-hook-secret': SECRET, ...headers }, gateway)
      const { httpStatus: status, body: answer } = await clock.until(hook(call))
      const text = answer === undefined ? '' : JSON.stringify(answer)
      const json = (answer ?? {}) as Answer
      return {
        status,
        oktaHears: json.commands?.[0].value[0].status ?? (json.error === undefined ? undefined : 'error'),
        code: json.debugContext?.code,
        json,
        text,
        tookMs: clock.now() - startedAt,
      }
    },
  }
}

describe('the hook', () => {
  it('answers a request whose code the carrier accepted, with both IDs', async () => {
    const { ask } = await setUp()
    const { status, json, tookMs } = await ask()
    assert.equal(status, 200)
    assert.deepEqual(json, {
      commands: [
        {
          type: 'com.okta.telephony.action',
          value: [
            {
              status: 'SUCCESSFUL',
              provider: 'AWS End User Messaging',
              transactionId: 'message-1',
              transactionMetadata: 'one-1',
            },
          ],
        },
      ],
    })
    assert.equal(tookMs, 0)
  })

  it('finally logs its answer and how long it took', async () => {
    const { ask, carrier, hookline } = await setUp()
    carrier.set(CANDIDATE, 'accepts', 120)
    await ask()
    assert.deepEqual(hookline.events.at(-1), {
      step: 'hook-response',
      outcome: 'accepted',
      kind: 'accepted',
      deliveryId: 'one-1',
      answer: 'SUCCESSFUL',
      org: undefined,
      durationMs: 120,
    })
  })

  it('shows the caller in a preview only', async () => {
    const { ask } = await setUp()
    const context = { request: { url: { value: '/api/v1/generatePreview' } } }
    const { json } = await ask(bodyOf({ data: { ...JSON.parse(bodyOf()).data, context } }))
    assert.deepEqual(json.debugContext, { caller: 'secret header', authenticationMethod: 'secret header' })
    assert.equal((await ask()).json.debugContext, undefined)
  })

  it('names the org in the delivery and in the log, if it has a name', async () => {
    const secretHeaders = withSecret.secretHeaders.map(way => ({ ...way, org: 'acme' }))
    const { ask, hookline, store } = await setUp({
      authenticationMethods: { tokens: [], secretHeaders, verified: createVerifiedTokens() },
    })
    for (const body of [bodyOf(), '{']) await ask(body)
    const orgs = hookline.events.filter(({ step }) => step === 'hook-response').map(({ org }) => org)
    assert.deepEqual(orgs, ['acme', 'acme'])
    assert.equal((await store.listDeliveries({ limit: 1 }))[0]?.caller, 'acme')
  })

  it('reveals nothing to an unauthenticated caller', async () => {
    const { ask, carrier, hookline } = await setUp()
    const { status, text } = await ask(bodyOf(), { 'x-hook-secret': 'guessed' })
    assert.deepEqual([status, text], [401, ''])
    assert.deepEqual(carrier.tried, [])
    assert.deepEqual(hookline.outcomesOf('caller'), ['SECRET_WRONG'])
  })

  for (const [body, status, code] of [
    ['{', 400, 'BODY_NOT_JSON'],
    [JSON.stringify({ x: 'x'.repeat(70_000) }), 413, 'BODY_TOO_LARGE'],
    [bodyOf({ data: {} }), 200, 'PHONE_NUMBER_MISSING'],
  ] as const) {
    it(`answers ${code} with ${status}, in Okta's shape`, async () => {
      const { ask } = await setUp()
      const answer = await ask(body)
      assert.deepEqual([answer.status, answer.oktaHears, answer.code], [status, 'error', code])
    })
  }

  it('answers refused, failed and unknown as the settings say', async () => {
    for (const [behaviour, unknown, oktaHears] of [
      ['refuses the candidate', 'failed', 'FAILED'],
      ['may have sent', 'failed', 'FAILED'],
      ['may have sent', 'pending', 'PENDING'],
    ] as const) {
      const { ask, carrier } = await setUp({ answerRules: { overLimit: 'error', blocked: 'error', unknown } })
      carrier.set(CANDIDATE, behaviour)
      assert.equal((await ask()).oktaHears, oktaHears)
    }
  })
})

describe('the hook answers within its budget', () => {
  it('when the body never ends', async () => {
    const { ask, carrier } = await setUp()
    const { status, code, tookMs } = await ask(new Readable({ read: () => undefined }))
    assert.deepEqual([status, code], [400, 'BODY_INCOMPLETE'])
    assert.ok(tookMs <= BUDGET_MS)
    assert.deepEqual(carrier.tried, [])
  })

  it('when the body is incomplete', async () => {
    const { ask } = await setUp()
    const body = new Readable({ read: () => body.destroy(new Error('the client left')) })
    assert.equal((await ask(body)).code, 'BODY_INCOMPLETE')
  })

  it("when the issuer's keys are not available: no caller is accepted", async () => {
    const { clock } = await createWorld()
    const keys = keepSigningKeys({ fetchJwks: hangs, now: clock.now })
    const authenticationMethods: AuthenticationMethods = {
      tokens: [{ org: undefined, rules: tokenRules, keys }],
      secretHeaders: [],
      verified: createVerifiedTokens(),
    }
    const { ask, carrier } = await setUp({ authenticationMethods })
    const token = await makeToken(await makeKey('first'))
    const { status, tookMs } = await ask(bodyOf(), { authorization: `Bearer ${token}` })
    assert.equal(status, 401)
    assert.ok(tookMs > 0 && tookMs <= BUDGET_MS, String(tookMs))
    assert.deepEqual(carrier.tried, [])
  })

  const cases: readonly (readonly [
    string,
    (now: () => number) => Partial<Ports>,
    string,
    string | undefined,
  ])[] = [
    [
      'no policy was ever read',
      now => ({ policy: keepPolicy({ readPolicy: hangs }, now, 1_000) }),
      'FAILED',
      'STORE_UNAVAILABLE',
    ],
    ['the store does not admit', () => ({ admit: hangs }), 'SUCCESSFUL', undefined],
    ['the store does not settle', () => ({ settle: hangs }), 'SUCCESSFUL', undefined],
    ['the store does neither', () => ({ admit: hangs, settle: hangs, find: hangs }), 'SUCCESSFUL', undefined],
  ]
  for (const [what, change, oktaHears, code] of cases) {
    it(`when ${what}`, async () => {
      const answer = await (await setUp({ ports: change(() => NOW) })).ask()
      assert.deepEqual([answer.status, answer.oktaHears, answer.code], [200, oktaHears, code])
      assert.ok(answer.tookMs <= BUDGET_MS, String(answer.tookMs))
    })
  }

  it('when the carrier hangs, alone and with everything else', async () => {
    for (const ports of [{}, { admit: hangs, settle: hangs, find: hangs }]) {
      const { ask, carrier } = await setUp({ ports })
      carrier.set(CANDIDATE, 'hangs')
      const answer = await ask()
      assert.deepEqual([answer.oktaHears, answer.code], ['FAILED', 'CARRIER_UNKNOWN'])
      assert.ok(answer.tookMs <= BUDGET_MS, String(answer.tookMs))
    }
  })

  it('when half of it passed at the gateway', async () => {
    const { ask, carrier } = await setUp()
    carrier.set(CANDIDATE, 'hangs')
    const answer = await ask(bodyOf(), {}, NOW - 300)
    assert.equal(answer.code, 'CARRIER_UNKNOWN')
    assert.equal(answer.tookMs, (BUDGET_MS - 300) * 0.9)
  })

  it('when all of it passed at the gateway: at once, and nothing is sent', async () => {
    const { ask, carrier } = await setUp()
    const answer = await ask(bodyOf(), {}, NOW - 5_000)
    assert.equal(answer.tookMs, 0)
    assert.deepEqual(carrier.delivered, [])
    assert.notEqual(answer.oktaHears, 'SUCCESSFUL')
  })

  it("when the gateway's clock is ahead: that gives no more time", async () => {
    const { ask, carrier } = await setUp()
    carrier.set(CANDIDATE, 'hangs')
    assert.equal((await ask(bodyOf(), {}, NOW + 60_000)).tookMs, BUDGET_MS * 0.9)
  })
})

describe('an internal error', () => {
  const broken = (): never => {
    throw new TypeError('a fault of ours about +34683783440')
  }

  for (const [port, ports] of [
    ['digest', { digest: broken }],
    ['send', { send: broken }],
    ['policy', { policy: broken as never }],
  ] as const) {
    it(`is answered according to Okta's contract, and logged: ${port}`, async () => {
      const { ask, hookline } = await setUp({ ports })
      const { status, oktaHears, code, text } = await ask()
      assert.deepEqual([status, oktaHears, code], [200, 'FAILED', 'INTERNAL_ERROR'])
      assert.ok(!text.includes('a fault of ours'), 'the cause is for the log only')
      assert.deepEqual(hookline.outcomesOf('internal-error'), ['INTERNAL_ERROR'])
      assert.deepEqual(hookline.outcomesOf('hook-response'), ['INTERNAL_ERROR'])
    })
  }

  it('after which the code may have been sent is answered pending, if unknown is', async () => {
    const { ask } = await setUp({
      ports: { send: broken },
      answerRules: { overLimit: 'error', blocked: 'error', unknown: 'pending' },
    })
    assert.equal((await ask()).oktaHears, 'PENDING')
  })

  it('does not affect the next request', async () => {
    let isBroken = true
    const digest = (text: string): string => (isBroken ? broken() : text.slice(0, 3))
    const { ask } = await setUp({ ports: { digest } })
    assert.equal((await ask()).code, 'INTERNAL_ERROR')
    isBroken = false
    assert.equal((await ask()).oktaHears, 'SUCCESSFUL')
  })
})
