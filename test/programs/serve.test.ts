import assert from 'node:assert/strict'
import { networkInterfaces } from 'node:os'
import { test } from 'node:test'
import { CREDENTIALS } from '../fixtures/aws-credentials.ts'
import { usNumber } from '../support/numbers.ts'
import {
  type OtherCarrier,
  type OtherIssuer,
  startOtherCarrier,
  startOtherIssuer,
} from '../support/other-parties.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { type Program, startHookline } from '../world/processes.ts'
import { runHookline } from '../world/run-hookline.ts'
import { ROUTES_OF_TESTS } from '../world/world.ts'

const LIMIT = { timeout: 60_000 }
const SECRETS = ['a-first-secret-of-32-characters-or-more', 'a-second-secret-that-is-rotated-in-now']
const WAYS_OF_TOKEN = {
  HOOKLINE_OKTA_AUDIENCE: 'api://telephony',
  HOOKLINE_OKTA_CLIENT_ID: 'another-client',
  HOOKLINE_OKTA_SCOPE: 'otp:deliver',
}
const CLAIMS = { aud: 'api://telephony', cid: 'another-client', scp: ['otp:deliver', 'more'] }
const WAYS_OF_SECRET = { HOOKLINE_SECRET_HEADER: 'X-Hook-Secret', HOOKLINE_SECRETS: SECRETS.join(', ') }

test('serve works with any issuer and any carrier, configured only by its environment', LIMIT, async () => {
  await using parties = await startParties()
  const { issuer, carrier } = parties
  await using served = await serve(parties, { HOOKLINE_OKTA_ISSUER: issuer.issuer, ...WAYS_OF_TOKEN })

  const answer = await ask(served.url, { authorization: `Bearer ${await issuer.sign(CLAIMS)}` })
  assert.deepEqual(answer.value?.status, 'SUCCESSFUL')
  assert.equal(answer.value?.transactionId, 'other-1')
  const called = await ask(served.url, { authorization: `Bearer ${await issuer.sign(CLAIMS)}` }, 'voice call')
  assert.equal(called.value?.transactionId, 'other-2')
  assert.deepEqual(
    carrier.taken().map(({ target, input }) => [target, input.OriginationIdentity]),
    [
      ['PinpointSMSVoiceV2.SendTextMessage', '+12065550100'],
      ['PinpointSMSVoiceV2.SendVoiceMessage', '+12065550100'],
    ],
  )

  const { aud: _, ...withoutAudience } = CLAIMS
  for (const claims of [withoutAudience, { ...CLAIMS, cid: 'another' }, { ...CLAIMS, scp: ['more'] }]) {
    const refused = await ask(served.url, { authorization: `Bearer ${await issuer.sign(claims)}` })
    assert.deepEqual([refused.status, refused.text], [401, ''])
  }
  const scopeAsText = { ...CLAIMS, scp: undefined, scope: 'more otp:deliver' }
  assert.equal(
    (await ask(served.url, { authorization: `Bearer ${await issuer.sign(scopeAsText)}` })).status,
    200,
  )
  assert.equal(carrier.taken().length, 3)

  served.program.signal('SIGTERM')
  const { code, stdout, stderr } = await served.program.ended
  assert.deepEqual([code, stderr, served.program.hasProcesses()], [0, '', false])
  for (const line of stdout.trim().split('\n')) assert.ok(JSON.parse(line).step, line)
  for (const secret of ['482913', 'eyJ', '2062']) assert.equal(stdout.includes(secret), false)
})

test('serve accepts either of two secrets, and then no token', LIMIT, async () => {
  await using parties = await startParties()
  await using served = await serve(parties, WAYS_OF_SECRET)
  for (const secret of SECRETS) {
    const { value } = await ask(served.url, { 'x-hook-secret': secret })
    assert.equal(value?.status, 'SUCCESSFUL')
  }
  const sent = parties.carrier.taken().length
  assert.equal(sent, 2)
  const unauthenticatedCallers = [
    {},
    { 'x-hook-secret': '' },
    { 'x-hook-secret': SECRETS[0]?.slice(0, -1) ?? '' },
    { 'x-hook-secret': SECRETS.join(', ') },
    { 'x-hook-secret': SECRETS[0]?.toUpperCase() ?? '' },
    { authorization: `Bearer ${SECRETS[0]}` },
    { authorization: `Bearer ${await parties.issuer.sign(CLAIMS)}` },
  ]
  for (const headers of unauthenticatedCallers) {
    const { status, text } = await ask(served.url, headers)
    assert.deepEqual([status, text], [401, ''])
  }
  assert.equal(parties.carrier.taken().length, sent)
})

test(
  'with both authentication methods, either is enough, and a token does not excuse a wrong secret',
  LIMIT,
  async () => {
    await using parties = await startParties()
    const ways = { HOOKLINE_OKTA_ISSUER: parties.issuer.issuer, ...WAYS_OF_TOKEN, ...WAYS_OF_SECRET }
    await using served = await serve(parties, ways)
    const authorization = `Bearer ${await parties.issuer.sign(CLAIMS)}`
    const secret = SECRETS[1] ?? ''
    assert.equal((await ask(served.url, { authorization })).status, 200)
    assert.equal((await ask(served.url, { 'x-hook-secret': secret })).status, 200)
    assert.equal((await ask(served.url, { authorization, 'x-hook-secret': secret })).status, 200)
    assert.equal((await ask(served.url, {})).status, 401)
    assert.equal((await ask(served.url, { authorization, 'x-hook-secret': 'wrong' })).status, 401)
    assert.equal(parties.carrier.taken().length, 3)
  },
)

const hasIpv6 = Object.values(networkInterfaces()).some(list =>
  list?.some(({ address }) => address === '::1'),
)
const skip = !hasIpv6 && 'THE IPv6 LOOPBACK IS NOT TESTED: this machine has no ::1'
if (skip) console.error(skip)

test('serve listens on the IPv6 loopback, with issuer and carrier there as well', {
  ...LIMIT,
  skip,
}, async () => {
  await using parties = await startParties('::1')
  const { issuer } = parties
  const settings = { HOOKLINE_HOST: '::1', HOOKLINE_OKTA_ISSUER: issuer.issuer, ...WAYS_OF_TOKEN }
  await using served = await serve(parties, settings)
  assert.match(served.url, /^http:\/\/\[::1\]:\d+\/mfa$/)
  const { value } = await ask(served.url, { authorization: `Bearer ${await issuer.sign(CLAIMS)}` })
  assert.equal(value?.status, 'SUCCESSFUL')
})

test('serve uses another path for the hook, and then has nothing at the default one', LIMIT, async () => {
  await using parties = await startParties()
  await using served = await serve(parties, { ...WAYS_OF_SECRET, HOOKLINE_PATH: '/okta/otp' })
  assert.match(served.url, /\/okta\/otp$/)
  const headers = { 'x-hook-secret': SECRETS[0] ?? '' }
  assert.equal((await ask(served.url, headers)).value?.status, 'SUCCESSFUL')
  assert.equal((await ask(served.url.replace('/okta/otp', '/mfa'), headers)).status, 404)
})

test('serve reports that its port is in use, and exits', LIMIT, async () => {
  await using parties = await startParties()
  const { port } = new URL(parties.carrier.url)
  using folder = temporaryFolder()
  const env = { ...settingsFor(parties, folder.path), ...WAYS_OF_SECRET, PORT: port }
  const { code, stdout, stderr } = await runHookline(['serve'], { env })
  assert.deepEqual([code, stdout], [3, ''])
  assert.match(stderr, new RegExp(`^PORT ${port} is in use: .*PORT=8090\\.\n$`))
})

type Parties = AsyncDisposable & { readonly issuer: OtherIssuer; readonly carrier: OtherCarrier }

async function startParties(host?: string): Promise<Parties> {
  const issuer = await startOtherIssuer(host)
  const carrier = await startOtherCarrier(host)
  const end = async (): Promise<void> => {
    await Promise.all([issuer[Symbol.asyncDispose](), carrier[Symbol.asyncDispose]()])
  }
  return { issuer, carrier, [Symbol.asyncDispose]: end }
}

type Served = AsyncDisposable & { readonly program: Program; readonly url: string }

/** `hookline serve` with routes, ready to answer. */
async function serve(parties: Parties, ways: Readonly<Record<string, string>>): Promise<Served> {
  const folder = temporaryFolder()
  const env = { ...settingsFor(parties, folder.path), ...ways }
  const imported = await runHookline(['routes', 'import', ROUTES_OF_TESTS], { env })
  assert.equal(imported.code, 0, imported.stderr)
  const program = startHookline(['serve'], { env })
  const end = async (): Promise<void> => {
    await program[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  }
  try {
    const [, url = ''] = await program.prints(/"outcome":"listening","url":"([^"]+)"/)
    return { program, url, [Symbol.asyncDispose]: end }
  } catch (error) {
    await end()
    throw error
  }
}

function settingsFor({ carrier }: Parties, dataFolder: string): Readonly<Record<string, string>> {
  return {
    ...CREDENTIALS,
    PORT: '0',
    HOOKLINE_DATA_DIR: dataFolder,
    HOOKLINE_HASH_KEY: 'a key of tests, longer than 32 characters',
    AWS_REGION: 'eu-central-1',
    AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: carrier.url,
  }
}

type Answered = {
  readonly status: number
  readonly text: string
  readonly value: { readonly status: string; readonly transactionId: string } | undefined
}

let asked = 0

/** Requests a code, for another number each time. */
async function ask(
  url: string,
  headers: Readonly<Record<string, string>>,
  channel = 'SMS',
): Promise<Answered> {
  asked += 1
  const messageProfile = { phoneNumber: usNumber(asked), deliveryChannel: channel, otpCode: '482913' }
  const body = JSON.stringify({ data: { messageProfile } })
  const response = await fetch(url, { method: 'POST', body, headers: { ...headers, connection: 'close' } })
  const text = await response.text()
  return {
    status: response.status,
    text,
    value: text === '' ? undefined : JSON.parse(text).commands?.[0]?.value?.[0],
  }
}
