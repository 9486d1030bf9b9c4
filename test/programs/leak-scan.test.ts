import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { CallOrder } from '../../simulators/okta/call-order.ts'
import { createCanaryCredential } from '../../src/adapters/node/canary-credential.ts'
import { derivedKey } from '../../src/adapters/node/hash-key.ts'
import { canaryRequest } from '../../src/advice/canary/canary-request.ts'
import { dimensions } from '../../src/core/records/stats.ts'
import { Secret as SecretValue } from '../../src/core/values/secret.ts'
import { simulatorNumbers } from '../../src/core/values/simulator-numbers.ts'
import { CREDENTIALS } from '../fixtures/aws-credentials.ts'
import { activated, eventsBody, logEvent } from '../fixtures/okta-events.ts'
import { createForger } from '../support/forged-tokens.ts'
import { findLeaks, numberSecrets, type Place, type Secret, tokenSecrets } from '../support/leaks.ts'
import { goodToken } from '../world/controls.ts'
import { startDemo } from '../world/processes.ts'
import { runHookline } from '../world/run-hookline.ts'
import { HASH_KEY_OF_TESTS, type ServedHook, type ServeWorld, startWorld } from '../world/world.ts'

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:hookline-receipts'
const HEADER_SECRET = 'the-secret-of-the-header-0123456789abcdef'
const EVENT_SECRET = 'the-secret-of-the-event-hook-0123456789abcdef'
const LIMIT = { timeout: 120_000 }

/** The values that go in and must not come out. */
const CODES = { text: '7391846205', call: '8402957316', other: '9513068427', answers: '6284017395' }
const NUMBERS = {
  text: '+12065550142',
  call: '+34683783440',
  premium: '+19005550123',
  japan: '+819012345678',
  answers: '+12065550199',
}
const USER = { userId: '00uLeakScanUser00001', login: 'grace.hopper@leak-scan.example' }
const ANSWERS = { userId: '00uLeakScanAnswers01', login: 'grace.answers@leak-scan.example' }
const KNOWN: readonly Secret[] = [
  ...Object.entries(CODES).map(([name, value]) => ({ name: `the code (${name})`, value })),
  ...Object.entries(NUMBERS).flatMap(([name, value]) =>
    numberSecrets(`the number (${name})`, value, { call: '34', japan: '81' }[name] ?? '1'),
  ),
  { name: 'the user ID', value: USER.userId },
  { name: 'the login', value: USER.login },
  { name: 'the user ID of who answers', value: ANSWERS.userId },
  { name: 'the login of who answers', value: ANSWERS.login },
  { name: "the header's secret", value: HEADER_SECRET },
  { name: "the event hook's secret", value: EVENT_SECRET },
  { name: 'the address of the person', value: '203.0.113.77' },
  { name: 'the name of the person', value: 'Grace Brewster Hopper' },
  { name: 'the hash key', value: HASH_KEY_OF_TESTS },
  { name: 'the AWS secret', value: CREDENTIALS.AWS_SECRET_ACCESS_KEY },
]

test(
  'nothing that serve writes, stores, measures or answers contains a code, token, secret or number',
  LIMIT,
  async () => {
    await using world = await startWorld({
      hook: 'process',
      settings: {
        HOOKLINE_BUDGET_MS: '500',
        HOOKLINE_METRICS_PORT: '0',
        HOOKLINE_RECEIPT_TOPICS: TOPIC,
        HOOKLINE_SECRET_HEADER: 'x-hook-secret',
        HOOKLINE_SECRETS: HEADER_SECRET,
        HOOKLINE_EVENT_SECRETS: EVENT_SECRET,
      },
    })
    const hook = await world.serve()
    await world.callCarrier('PUT', '/events', {
      url: `${hook.ready.ready}/events/carrier`,
      topicArn: TOPIC,
      delayMs: 0,
    })
    const journeys = await runJourneys(world, hook)
    const eventAnswers = await postEvents(world, hook)

    await receiptsArrived(world)
    const metrics = await (await fetch(hook.ready.metrics ?? '')).text()
    const pages = await Promise.all(
      ['/healthz', '/readyz', '/nothing'].map(async path =>
        (await fetch(`${hook.ready.ready}${path}`)).text(),
      ),
    )
    const whileItRuns = filesIn(world.dataFolder)
    assert.ok(
      whileItRuns.some(({ name }) => name.endsWith('-wal')),
      'the write-ahead log exists',
    )
    await hook[Symbol.asyncDispose]()
    const places: readonly Place[] = [
      ...whileItRuns,
      ...filesIn(world.dataFolder),
      ...Object.entries(world.outputs).map(([name, file]) => ({ name, bytes: readFileSync(file) })),
      ...[metrics, ...pages, ...journeys.answers, ...eventAnswers].map(text => ({
        name: `«${text.slice(0, 60)}»`,
        bytes: Buffer.from(text),
      })),
      { name: 'hookline deliveries', bytes: Buffer.from(await world.printed('deliveries', '--json')) },
      ...(await Promise.all(
        dimensions.map(async by => ({
          name: `hookline stats --by ${by}`,
          bytes: Buffer.from(await world.printed('stats', '--by', by, '--json')),
        })),
      )),
    ]
    assert.deepEqual(findLeaks([...KNOWN, ...journeys.secrets], places), [])

    // The scan read real data.
    const log = readFileSync(world.outputs.stdout, 'utf8')
    assert.deepEqual(
      EXPECTED_OUTCOMES.filter(outcome => !log.includes(`"outcome":"${outcome}"`)),
      [],
    )
    assert.match(metrics, /hookline_/)
    const arrived = JSON.stringify(await world.messages())
    for (const secret of [CODES.text, NUMBERS.text, NUMBERS.call]) assert.ok(arrived.includes(secret))
  },
)

const EXPECTED_OUTCOMES = [
  ...['accepted', 'duplicate', 'store-unavailable', 'kept'],
  ...['answered', 'repeated', 'not-joined', 'ignored', 'verified', 'denied', 'malformed'],
  ...[
    'RECIPIENT_OPTED_OUT',
    'CARRIER_REFUSED',
    'CARRIER_UNKNOWN',
    'NUMBER_PREMIUM',
    'NO_ROUTE',
    'LIMIT_NUMBER',
  ],
  ...['TOKEN_KEY_UNKNOWN', 'TOKEN_SIGNATURE', 'TOKEN_MALFORMED', 'SECRET_WRONG', 'CREDENTIALS_MISSING'],
  ...['BODY_NOT_JSON', 'BODY_TOO_LARGE', 'CHANNEL_UNKNOWN', 'CODE_NOT_DIGITS', 'CODE_EXPIRED'],
]

/** Every possible result of a post of Okta's event hook, with what such an event says of a person. */
async function postEvents(world: ServeWorld, hook: ServedHook): Promise<readonly string[]> {
  await world.call(hook, { user: ANSWERS, to: NUMBERS.answers, code: CODES.answers })
  const address = `${hook.ready.ready}/events/okta`
  const actor = {
    id: ANSWERS.userId,
    type: 'User',
    alternateId: ANSWERS.login,
    displayName: 'Grace Brewster Hopper',
  }
  const published = new Date().toISOString()
  const event = logEvent({ actor, published, client: { ipAddress: '203.0.113.77' } })
  const body = JSON.stringify(
    eventsBody(event, event, { ...event, eventType: 'user.session.start' }, activated({ actor, published })),
  )
  const answers: string[] = []
  const ask = async (init: RequestInit): Promise<void> => {
    const response = await fetch(address, init)
    answers.push(`${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`)
  }
  const post = (text: string, authorization: string): Promise<void> =>
    ask({ method: 'POST', body: text, headers: { authorization } })
  await ask({ headers: { 'x-okta-verification-challenge': 'challenge' } })
  await post(body, EVENT_SECRET)
  await post(body, HEADER_SECRET)
  await post(body, `${EVENT_SECRET}x`)
  await post(`[${body}]`, EVENT_SECRET)
  await post(body + ' '.repeat(300_000), EVENT_SECRET)
  assert.deepEqual(
    answers.map(answer => answer.slice(0, 3)),
    ['200', '204', '401', '401', '400', '413'],
  )
  return answers
}

/** Every possible result of a request. */
async function runJourneys(
  world: ServeWorld,
  hook: ServedHook,
): Promise<{ readonly answers: readonly string[]; readonly secrets: readonly Secret[] }> {
  const { okta } = world
  const answers: string[] = []
  const secrets: Secret[] = []
  const call = async (order: CallOrder): Promise<void> => {
    const { answer, raw } = await world.call(hook, order)
    answers.push(raw ?? JSON.stringify(answer) ?? '')
  }
  // Another user each time, so that no limit applies.
  const somebody = (
    channel: 'sms' | 'voice' = 'sms',
  ): Required<Pick<CallOrder, 'to' | 'code'>> & CallOrder => {
    const serial = secrets.length
    const to = channel === 'sms' ? `+120655${50_142 + serial}` : `+3468378${3_440 + serial}`
    const code = String(7_391_846_205 + serial)
    const user = {
      userId: `00uLeakScan${10_000 + serial}`,
      login: `grace.hopper.${serial}@leak-scan.example`,
    }
    secrets.push(
      { name: `code ${serial}`, value: code },
      ...numberSecrets(`number ${serial}`, to, channel === 'sms' ? '1' : '34'),
      ...Object.entries(user).map(([name, value]) => ({ name: `${name} ${serial}`, value })),
    )
    return { to, code, user, channel, locale: channel === 'sms' ? 'en' : 'es' }
  }

  await call({ user: USER, to: NUMBERS.text, code: CODES.text })
  await call({ user: USER, to: NUMBERS.call, code: CODES.call, channel: 'voice', locale: 'es' })
  const twice = { ...somebody(), eventId: 'the same', locale: 'sw' } // no template: Okta's own text
  await call(twice)
  await call(twice)
  await call({ user: USER, to: NUMBERS.premium, code: CODES.other })
  await call({ user: USER, to: NUMBERS.japan, code: CODES.other })
  await call({ ...somebody(), channel: 'pigeon' })
  await call({ ...somebody(), code: `${CODES.other} please` })
  await call({ ...somebody(), otpExpires: '2020-01-01T00:00:00.000Z' })
  await call({ ...somebody(), preview: true })
  for (const rule of [
    { kind: 'error', name: 'ConflictException', reason: 'DESTINATION_PHONE_NUMBER_OPTED_OUT' },
    { kind: 'error', name: 'ValidationException' },
    { kind: 'error', name: 'TeapotException', unlisted: true },
    { kind: 'reset', when: 'after' },
    { kind: 'hang', when: 'after' },
    { kind: 'garbage-body' },
  ]) {
    const order = somebody('voice')
    const message = rule.kind === 'error' && { message: `${order.to} has the code ${order.code}` }
    await world.callCarrier('POST', '/faults', { times: 1, ...rule, ...message })
    await call(order)
  }
  await withLockedStore(world, () => call(somebody('voice')))
  const often = somebody()
  for (let again = 1; again <= 6; again += 1) await call(often)

  const post = async (body: string, headers: Readonly<Record<string, string>>): Promise<void> => {
    const response = await fetch(hook.hookUrl, { method: 'POST', body, headers })
    answers.push(`${JSON.stringify([...response.headers])} ${await response.text()}`)
  }
  const token = await goodToken(okta)
  const forger = await createForger(okta)
  const forged = [await forger.withUnknownKey(), await forger.withKnownKeyId('RS256'), forger.unsigned()]
  const body = JSON.stringify({
    data: { messageProfile: { phoneNumber: NUMBERS.text, otpCode: CODES.text } },
  })
  for (const bad of [...forged, `${token}x.y`]) await post(body, { authorization: `Bearer ${bad}` })
  await post(body, {})
  await post(body, { 'x-hook-secret': HEADER_SECRET.replace('0', '1') })
  await post(body, { 'x-hook-secret': HEADER_SECRET })
  for (const unusable of [`{"otpCode": ${CODES.text}`, `[${CODES.text}]`, body + ' '.repeat(70_000)])
    await post(unusable, { authorization: `Bearer ${token}` })

  secrets.push(...[token, ...forged].flatMap((one, index) => tokenSecrets(`token ${index + 1}`, one)))
  return { answers, secrets }
}

async function withLockedStore({ dataFolder }: ServeWorld, work: () => Promise<void>): Promise<void> {
  const database = new DatabaseSync(join(dataFolder, 'hookline.db'), { timeout: 5_000 })
  database.exec('BEGIN IMMEDIATE')
  try {
    await work()
  } finally {
    database.exec('ROLLBACK')
    database.close()
  }
}

/** Waits until the carrier has no more receipts to send. */
async function receiptsArrived(world: ServeWorld): Promise<void> {
  for (let asked = 0; asked < 500; asked += 1) {
    const { queued } = (await world.callCarrier('GET', '/events')) as { readonly queued: number }
    if (queued === 0) return
  }
  assert.fail('The carrier still has receipts to send')
}

function filesIn(folder: string): readonly Place[] {
  return readdirSync(folder).map(name => ({ name, bytes: readFileSync(join(folder, name)) }))
}

test(
  'a canary leaves neither its credential nor its number anywhere, and its code only within its time',
  LIMIT,
  async () => {
    await using world = await startWorld({
      hook: 'process',
      settings: { HOOKLINE_METRICS_PORT: '0', HOOKLINE_RECEIPT_TOPICS: TOPIC },
    })
    await using address = await recordedAddress()
    const hook = await world.serve({ HOOKLINE_CANARY: 'GB', HOOKLINE_CANARY_URL: address.url })
    const url = `${hook.ready.ready}/events/carrier`
    await world.callCarrier('PUT', '/events', { url, topicArn: TOPIC, delayMs: 0 })
    address.leadTo(hook.hookUrl)
    await canaryOfServer(world)
    const passed = await world.hookline(['canary', '--country', 'ES', '--url', address.url, '--json'])
    const message = `${simulatorNumbers.US} cannot get it`
    const fault = { times: 1, kind: 'error', name: 'ValidationException', message }
    await world.callCarrier('POST', '/faults', fault)
    const failed = await world.hookline(['canary', '--country', 'US', '--url', address.url])
    assert.deepEqual([passed.code, failed.code], [0, 4])

    const stolen = createCanaryCredential([new SecretValue(HASH_KEY_OF_TESTS)])
    const answers = await Promise.all(
      [Date.now(), Date.now() - 600_000].map(async at => {
        const authorization = stolen.write(at)
        address.authorizations.push(authorization)
        const request = JSON.stringify(canaryRequest({ country: 'US', at }))
        const body = request.replace(simulatorNumbers.US, NUMBERS.text)
        address.bodies.push(body)
        const response = await fetch(hook.hookUrl, { method: 'POST', body, headers: { authorization } })
        return `${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`
      }),
    )
    await receiptsArrived(world)
    const metrics = await (await fetch(hook.ready.metrics ?? '')).text()
    const whileItRuns = filesIn(world.dataFolder)
    await hook[Symbol.asyncDispose]()
    const codes = [...new Set(address.bodies.map(codeIn))].filter(code => code !== undefined)
    const credentials = address.authorizations.filter(one => one.startsWith('Canary '))
    assert.deepEqual([codes.length, credentials.length], [5, 5])
    const secrets: readonly Secret[] = [
      ...KNOWN.filter(({ name }) => !name.startsWith('the number (call)')),
      ...numberSecrets('the number (GB)', simulatorNumbers.GB, '44'),
      ...numberSecrets('the number (ES)', simulatorNumbers.ES, '34'),
      ...numberSecrets('the number (US)', simulatorNumbers.US, '1'),
      ...codes.map(value => ({ name: 'the code of a canary', value })),
      ...credentials.map(value => ({ name: 'the credential of a canary', value })),
      ...credentials.map(value => ({ name: 'its digest', value: value.split('.')[1] ?? '' })),
      {
        name: 'the key of credentials',
        value: derivedKey(new SecretValue(HASH_KEY_OF_TESTS), 'hookline canary').reveal(),
      },
    ]
    const texts = {
      metrics,
      'hookline canary --json': passed.stdout + passed.stderr,
      'hookline canary': failed.stdout + failed.stderr,
      'the answers': answers.join('\n'),
      'hookline deliveries': await world.printed('deliveries', '--event', 'hookline-canary'),
      'hookline deliveries --json': await world.printed('deliveries', '--json'),
      'hookline stats': await world.printed('stats', '--json'),
    }
    const places: readonly Place[] = [
      ...whileItRuns,
      ...filesIn(world.dataFolder),
      ...Object.entries(world.outputs).map(([name, file]) => ({ name, bytes: readFileSync(file) })),
      ...Object.entries(texts).map(([name, text]) => ({ name, bytes: Buffer.from(text) })),
    ]
    assert.deepEqual(findLeaks(secrets, places.map(withoutTimes(codes))), [])

    // The scan read real data.
    const log = readFileSync(world.outputs.stdout, 'utf8')
    for (const seen of ['"outcome":"passed"', 'CANARY_NOT_SIMULATOR', 'CARRIER_REFUSED', '"step":"caller"'])
      assert.ok(log.includes(seen), seen)
    assert.equal((texts['hookline deliveries --json'].match(/hookline canary/g) ?? []).length, 3)
  },
)

/** An address that leads to the hook, once it is known, and keeps what it passes on. */
async function recordedAddress() {
  const target = Promise.withResolvers<string>()
  const authorizations: string[] = []
  const bodies: string[] = []
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const { authorization = '' } = request.headers
    authorizations.push(authorization)
    bodies.push(body)
    const answer = await fetch(await target.promise, { method: 'POST', body, headers: { authorization } })
    response.writeHead(answer.status).end(await answer.text())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    ...{ authorizations, bodies, leadTo: target.resolve, url: `http://127.0.0.1:${port}/mfa` },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

function codeIn(body: string): string | undefined {
  return JSON.parse(body).data?.messageProfile?.otpCode
}

/** A canary's code is made of the time at which it began, which is no secret. */
function withoutTimes(codes: readonly string[]): (place: Place) => Place {
  const century = String(Date.now()).slice(0, 3)
  return ({ name, bytes }) => {
    const content = codes.reduce(
      (rest, code) => rest.replaceAll(century + code, ''),
      bytes.toString('latin1'),
    )
    return { name, bytes: Buffer.from(content, 'latin1') }
  }
}

/** Waits until the canary that the server sends when it starts has ended. */
async function canaryOfServer({ outputs }: ServeWorld): Promise<void> {
  while (!/"step":"canary","outcome":"(passed|failed)"/.test(readFileSync(outputs.stdout, 'utf8')))
    await pause(20)
}

test('nothing that start writes contains the code, the number or a token', LIMIT, async () => {
  await using start = await startDemo()
  const call = async (order: object): Promise<void> => {
    const init = { method: 'POST', body: JSON.stringify({ user: USER, ...order }) }
    assert.equal((await fetch(`${start.okta}/caller/calls`, init)).status, 200)
  }
  await call({ to: NUMBERS.text, code: CODES.text })
  await call({ to: NUMBERS.call, code: CODES.call, channel: 'voice' })
  await call({ to: NUMBERS.premium, code: CODES.other })
  const token = (await (await fetch(`${start.okta}/caller/token`, { method: 'POST' })).json()) as {
    readonly accessToken: string
  }
  start.program.interrupt()
  const { stdout, stderr } = await start.program.ended
  assert.ok(existsSync(join(start.dataFolder, 'hookline.log')))
  const secrets = [...KNOWN, ...tokenSecrets('the token', token.accessToken)].filter(
    ({ name }) => !name.startsWith('the number (call)'), // the number to which `start` itself sends
  )
  const places = [
    ...filesIn(start.dataFolder),
    { name: 'stdout', bytes: Buffer.from(stdout) },
    { name: 'stderr', bytes: Buffer.from(stderr) },
  ]
  assert.deepEqual(findLeaks(secrets, places), [])
  const { stdout: listed } = await runHookline(['deliveries', '--json'], { env: start.env })
  assert.deepEqual(findLeaks(KNOWN, [{ name: 'hookline deliveries', bytes: Buffer.from(listed) }]), [])
})
