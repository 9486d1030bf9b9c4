import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { before, describe, test } from 'node:test'
import { EVENT_TYPES } from '../../simulators/okta/event-types.ts'
import type { Exchange } from '../../simulators/okta/management/management-api.ts'
import { createOktaAccess } from '../../src/main/commands/okta-access.ts'
import { eventTypes } from '../../src/okta/events.ts'
import { noTerminal } from '../fixtures/commands.ts'
import type { Contract } from '../support/okta-contract/contract.ts'
import { knownContracts, openapiContract, sdkContract } from '../support/okta-contract/contracts.ts'
import { deviations, notSent } from '../support/okta-contract/deviations.ts'
import { createJudge, describeFinding, type Judge, judge } from '../support/okta-contract/judge.ts'
import { choicesOf, faultsOf, leavesOf } from '../support/okta-contract/shape.ts'
import { startWorld } from '../world/world.ts'

type Planted = Omit<Exchange, 'request' | 'answer'> & { request: Body; answer: Body }
// biome-ignore lint/suspicious/noExplicitAny: a fault is planted somewhere in a body
type Body = any

/** One fault, not allowed by Okta's documents, in a valid exchange. */
const PLANTED: readonly (readonly [string, RegExp, (exchange: Planted) => void])[] = [
  [
    'a misnamed member of a request',
    /^POST .*\/apps$/,
    ({ request }) =>
      rename(request.credentials.oauthClient, 'token_endpoint_auth_method', 'tokenEndpointAuthMethod'),
  ],
  [
    "a member that is not in Okta's documents",
    /^POST .*\/inlineHooks$/,
    ({ request }) => Object.assign(request, { description: 'Hookline' }),
  ],
  [
    'a string instead of a number',
    /^POST .*\/rules$/,
    ({ request }) => Object.assign(request, { priority: '1' }),
  ],
  [
    'a value that is not on the list',
    /^POST .*\/scopes$/,
    ({ request }) => Object.assign(request, { consent: 'NONE' }),
  ],
  [
    'an unknown kind of channel',
    /^POST .*\/inlineHooks$/,
    ({ request }) => Object.assign(request.channel, { type: 'SOAP' }),
  ],
  [
    'a member of another type',
    /^POST .*\/inlineHooks$/,
    ({ request }) => Object.assign(request.channel.config, { clientSecret: 'x' }),
  ],
  [
    'a wrong member, deeply nested',
    /^POST .*\/execute$/,
    ({ request }) => rename(request.data.messageProfile, 'otpCode', 'code'),
  ],
  [
    'a misnamed member of an event hook',
    /^POST .*\/eventHooks$/,
    ({ request }) => rename(request.events, 'items', 'types'),
  ],
  [
    'an answer about an event hook with a value that is not on the list',
    /^POST .*\/lifecycle\/verify$/,
    ({ answer }) => Object.assign(answer, { verificationStatus: 'PENDING' }),
  ],
  [
    'a list instead of a string',
    /^PUT .*\/apps\//,
    ({ request }) => Object.assign(request, { label: ['Hookline'] }),
  ],
  [
    "an answer with a member that is not in Okta's documents",
    /^GET .*\/hook-keys$/,
    ({ answer }) => Object.assign(answer[0], { secret: 'x' }),
  ],
  [
    'an answer with a value that is not on the list',
    /^GET .*\/authenticators$/,
    ({ answer }) => Object.assign(answer[0], { status: 'ON' }),
  ],
  [
    'an answer with another status',
    /^POST .*\/scopes$/,
    exchange => Object.assign(exchange, { status: 202 }),
  ],
  ['an unknown parameter', /^GET .*\/apps$/, exchange => Object.assign(exchange, { query: ['search'] })],
  [
    'an unknown path',
    /^GET .*\/inlineHooks$/,
    exchange => Object.assign(exchange, { path: '/api/v1/inline-hooks' }),
  ],
]

function rename(body: Record<string, unknown>, from: string, to: string): void {
  body[to] = body[from]
  delete body[from]
}

/** Compares every request of the commands and every answer of the stand-in with Okta's own documents. */
describe("Okta's specification", { timeout: 120_000 }, () => {
  const exchanges: Exchange[] = []
  let judged: Judge
  before(async () => {
    judged = createJudge(knownContracts())
    await goThrough(exchange => {
      exchanges.push(exchange)
      judged.take(exchange)
    })
  })

  test('is kept by every request and every answer', () => {
    assert.deepEqual(judged.findings().map(describeFinding), [])
  })

  test('is compared with the whole traffic: no call of the commands is omitted', () => {
    const names = exchanges.map(
      ({ method, path }) => sdkContract().operation(method, path)?.name ?? `${method} ${path}`,
    )
    assert.deepEqual([...new Set(names)].sort(), CALLS)
  })

  test('needs every listed deviation', () => {
    const known = knownContracts().map(({ name }) => name)
    const idle = deviations.filter(
      one => known.some(name => one.finding.source.startsWith(`^${name}:`)) && !judged.used().includes(one),
    )
    assert.deepEqual(idle, [])
  })

  test("by Okta's published OpenAPI document", context => {
    const published = openapiContract()
    if (published === undefined) return void context.skip(sayLoudly(NOT_COMPARED))
    const missing = missingIn(published)
    assert.deepEqual(
      missing.filter(leaf => !notSent.some(one => one.leaf.test(leaf))),
      [],
    )
    assert.deepEqual(
      notSent.filter(one => !missing.some(leaf => one.leaf.test(leaf))),
      [],
    )
    for (const { path, method } of exchanges) {
      const isKnown = published.operation(method, path) !== undefined
      assert.ok(
        isKnown ||
          deviations.some(one =>
            one.finding.test(`${published.name}: ${method} ${path}: path is no operation`),
          ),
      )
    }
  })

  for (const [name, operation, plant] of PLANTED) {
    test(`finds a planted fault: ${name}`, () => {
      const exchange = exchanges.find(
        one =>
          `${one.method} ${one.path}`.match(operation) &&
          one.status < 300 &&
          JSON.stringify(one.answer) !== '[]',
      )
      assert.ok(exchange, `${operation} was not called`)
      const planted = structuredClone(exchange) as Planted
      plant(planted)
      for (const contract of knownContracts()) {
        const before = judge(contract, exchange).length
        assert.ok(judge(contract, planted).length > before, contract.name)
      }
    })
  }

  test("finds a member that a command sends and that is not in Okta's documents", async () => {
    const found = createJudge(knownContracts())
    await using world = await startWorld({ hook: 'stand-in', org: 'new', okta: { onExchange: found.take } })
    const access = createOktaAccess({ OKTA_API_TOKEN: world.org.apiToken }, noTerminal)
    const ran = world.runOkta('prepare', {
      access: {
        open: async (...input) => {
          const api = await access.open(...input)
          return {
            ...api,
            post: (path, body) =>
              api.post(path, path === '/api/v1/hook-keys' ? { ...body, label: 'Hookline' } : body),
          }
        },
      },
    })
    assert.equal((await ran).problem, undefined)
    assert.ok(
      found
        .findings()
        .some(({ operation, path }) => operation === 'POST /api/v1/hook-keys' && path === 'label'),
    )
    await assert.rejects(async () => world[Symbol.asyncDispose](), /label has a name that Okta does not know/)
  })

  /** Members in Okta's examples that no request of Hookline has: `POST /api/v1/apps: profile.label`. */
  function missingIn({ operation }: Contract): readonly string[] {
    const bodies = Map.groupBy(
      exchanges.filter(({ request, status }) => request !== undefined && status < 300),
      ({ method, path }) => operation(method, path),
    )
    const missing = [...bodies].flatMap(([known, sent]) => {
      const shape = known?.request
      if (known === undefined || shape === undefined) return []
      const kinds = new Set(sent.map(({ request }) => choicesOf(shape, request).join()))
      const ours = new Set(sent.flatMap(({ request }) => leavesOf(request)))
      return known.examples
        .filter(example => kinds.has(choicesOf(shape, example).join()))
        .filter(example => !faultsOf(shape, example, true).some(({ what }) => /does not know/.test(what)))
        .flatMap(example => leavesOf(example))
        .filter(leaf => !ours.has(leaf))
        .map(leaf => `${known.name}: ${leaf}`)
    })
    return [...new Set(missing)].sort()
  }
})

describe("Okta's catalogue of event types", () => {
  test('is what the stand-in knows, and an event hook may subscribe to all that Hookline reads', context => {
    const file = process.env.HOOKLINE_OKTA_EVENT_TYPES ?? ''
    if (file === '') {
      return void context.skip(
        sayLoudly(
          "SKIPPED: the event types were not compared with Okta's catalogue. Set HOOKLINE_OKTA_EVENT_TYPES to its file.",
        ),
      )
    }
    const catalogue = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly eventTypes: readonly { readonly id: string; readonly eventHookEligible: boolean }[]
    }
    const published = new Map(
      catalogue.eventTypes.map(one => [one.id, { isEligible: one.eventHookEligible }]),
    )
    assert.deepEqual([...EVENT_TYPES].toSorted(), [...published].toSorted())
    for (const type of eventTypes) assert.deepEqual(published.get(type), { isEligible: true }, type)
  })
})

function sayLoudly(text: string): string {
  console.error(`\n${'!'.repeat(text.length)}\n${text}\n${'!'.repeat(text.length)}\n`)
  return text
}

const NOT_COMPARED =
  "SKIPPED: the traffic was not compared with Okta's OpenAPI document. Set HOOKLINE_OKTA_OPENAPI to its file (docs/okta.md says where Okta publishes it)."

/** The commands, from an empty org to an empty org, with breakages in between. */
async function goThrough(onExchange: (exchange: Exchange) => void): Promise<void> {
  await using world = await startWorld({
    hook: 'stand-in',
    org: 'new',
    okta: { onExchange, requestsMax: 2_000 },
  })
  const { org, hook, api } = world
  const run = async (args: string): Promise<void> => {
    const { problem } = await world.runOkta(args)
    assert.equal(problem, undefined)
  }
  await run('prepare')
  await run(`activate --url ${hook.url}`)
  for (const breakage of [
    { kind: 'dpop', on: true },
    { kind: 'rotate-hook-key' },
    { kind: 'ungrant-scope' },
    { kind: 'edit-hook-url', url: 'https://old.example.com/mfa' },
    { kind: 'deactivate', what: 'app' },
    { kind: 'deactivate', what: 'policy' },
    { kind: 'deactivate', what: 'rule' },
    { kind: 'allow-phone-for', use: 'recovery' },
    { kind: 'own-telephony', isPrimary: true },
    { kind: 'deactivate', what: 'sms' },
    { kind: 'deactivate', what: 'authenticator' },
    { kind: 'deactivate', what: 'hook' },
  ] as const) {
    assert.equal(await org.breakSetup(breakage), undefined)
  }
  const [policy] = (await api('GET', '/policies?type=ACCESS_POLICY')) as unknown as readonly {
    readonly id: string
  }[]
  const [eventHook] = (await api('GET', '/eventHooks')) as unknown as readonly { readonly id: string }[]
  await api('POST', `/eventHooks/${eventHook?.id}/lifecycle/deactivate`)
  await run(`setup --url ${hook.url} --policy-rule ${policy?.id} --events-url ${hook.eventsUrl}?moved`)
  await org.breakSetup({ kind: 'another-hook', url: `${hook.url}/other` })
  await run(`setup --url ${hook.url} --replace Another~provider`)
  await run('preview')
  await run('teardown')
  for (const publicKey of ['flat', 'embedded', 'without-n'] as const) {
    for (const execute of ['all', 'commands', 'strict'] as const) {
      org.setBehaviours({ publicKey, execute })
      const { problem } = await world.runOkta(`setup --url ${hook.url} --replace Another~provider`)
      assert.equal(problem === undefined, publicKey !== 'without-n')
      if (problem === undefined) await run('preview --channel sms --purpose mfa-verification')
      await run('teardown')
    }
  }
}

/** Grows with each new call of a command. */
const CALLS: readonly string[] = [
  'DELETE /api/v1/apps/{appId}',
  'DELETE /api/v1/authorizationServers/{authServerId}/policies/{policyId}',
  'DELETE /api/v1/authorizationServers/{authServerId}/policies/{policyId}/rules/{ruleId}',
  'DELETE /api/v1/authorizationServers/{authServerId}/scopes/{scopeId}',
  'DELETE /api/v1/eventHooks/{eventHookId}',
  'DELETE /api/v1/hook-keys/{hookKeyId}',
  'DELETE /api/v1/inlineHooks/{inlineHookId}',
  'DELETE /api/v1/policies/{policyId}/rules/{ruleId}',
  'GET /api/v1/api-tokens',
  'GET /api/v1/apps',
  'GET /api/v1/apps/{appId}',
  'GET /api/v1/authenticators',
  'GET /api/v1/authenticators/{authenticatorId}/methods',
  'GET /api/v1/authorizationServers',
  'GET /api/v1/authorizationServers/{authServerId}/policies',
  'GET /api/v1/authorizationServers/{authServerId}/policies/{policyId}/rules',
  'GET /api/v1/authorizationServers/{authServerId}/scopes',
  'GET /api/v1/eventHooks',
  'GET /api/v1/hook-keys',
  'GET /api/v1/hook-keys/public/{keyId}',
  'GET /api/v1/hook-keys/{hookKeyId}',
  'GET /api/v1/inlineHooks',
  'GET /api/v1/logs',
  'GET /api/v1/policies',
  'GET /api/v1/policies/{policyId}/rules',
  'GET /api/v1/telephony-providers',
  'POST /api/v1/apps',
  'POST /api/v1/apps/{appId}/lifecycle/activate',
  'POST /api/v1/apps/{appId}/lifecycle/deactivate',
  'POST /api/v1/authenticators',
  'POST /api/v1/authenticators/{authenticatorId}/lifecycle/activate',
  'POST /api/v1/authenticators/{authenticatorId}/lifecycle/deactivate',
  'POST /api/v1/authenticators/{authenticatorId}/methods/{methodType}/lifecycle/activate',
  'POST /api/v1/authorizationServers/{authServerId}/policies',
  'POST /api/v1/authorizationServers/{authServerId}/policies/{policyId}/lifecycle/activate',
  'POST /api/v1/authorizationServers/{authServerId}/policies/{policyId}/rules',
  'POST /api/v1/authorizationServers/{authServerId}/policies/{policyId}/rules/{ruleId}/lifecycle/activate',
  'POST /api/v1/authorizationServers/{authServerId}/scopes',
  'POST /api/v1/eventHooks',
  'POST /api/v1/eventHooks/{eventHookId}/lifecycle/activate',
  'POST /api/v1/eventHooks/{eventHookId}/lifecycle/deactivate',
  'POST /api/v1/eventHooks/{eventHookId}/lifecycle/verify',
  'POST /api/v1/hook-keys',
  'POST /api/v1/inlineHooks',
  'POST /api/v1/inlineHooks/{inlineHookId}/execute',
  'POST /api/v1/inlineHooks/{inlineHookId}/lifecycle/activate',
  'POST /api/v1/inlineHooks/{inlineHookId}/lifecycle/deactivate',
  'POST /api/v1/policies/{policyId}/rules',
  'POST /api/v1/policies/{policyId}/rules/{ruleId}/lifecycle/deactivate',
  'PUT /api/v1/apps/{appId}',
  'PUT /api/v1/authenticators/{authenticatorId}',
  'PUT /api/v1/authorizationServers/{authServerId}/policies/{policyId}',
  'PUT /api/v1/authorizationServers/{authServerId}/policies/{policyId}/rules/{ruleId}',
  'PUT /api/v1/eventHooks/{eventHookId}',
  'PUT /api/v1/inlineHooks/{inlineHookId}',
]
