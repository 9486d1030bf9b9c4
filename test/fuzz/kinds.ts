import assert from 'node:assert/strict'
import { createSnsReader } from '../../src/adapters/aws/sns-receipts.ts'
import { checkTemplate } from '../../src/advice/check-template.ts'
import { readRoutesFile } from '../../src/cli/routes/routes-file.ts'
import { readTemplatesFile } from '../../src/cli/templates/templates-file.ts'
import { Problem } from '../../src/cli/terminal/problem.ts'
import { readOrgs } from '../../src/config/orgs.ts'
import type { StepEvent } from '../../src/core/deliver/event.ts'
import { prepareAnyTemplate } from '../../src/core/message/icu-template.ts'
import { fillIn } from '../../src/core/message/template.ts'
import { longestValues } from '../../src/core/message/template-values.ts'
import { hiddenCharactersIn, printable } from '../../src/core/values/printable.ts'
import { createHook } from '../../src/http/hook.ts'
import { createWorld, startProcess } from '../fixtures/delivering.ts'
import { createFakeClock } from '../fixtures/fake-clock.ts'
import { body } from '../fixtures/hook-body.ts'
import { hookCall } from '../fixtures/hook-call.ts'
import { allShippedTexts, planRules } from '../fixtures/planning.ts'
import { TOPIC } from '../fixtures/sns-posts.ts'
import { hostileJson, hostileText, jsonText, mangled, mutated, type Random } from './random.ts'

/** One kind of input: `run` makes a case, reads it, and throws if the result breaks a guarantee. */
export type Kind = {
  readonly name: string
  /** Its share of the time; cheap kinds get more, and each runs thousands of cases in a minute. */
  readonly share: number
  readonly run: (random: Random) => Promise<void> | void
}

export const kinds: readonly Kind[] = [
  { name: 'hook bodies', share: 0.3, run: await hookBodies() },
  { name: 'templates', share: 0.15, run: templates },
  { name: 'SNS envelopes', share: 0.35, run: snsEnvelopes() },
  { name: 'imports', share: 0.2, run: imports },
]

const CODE = '493817'
const SUBSCRIBER = '683783440'

/** A changed body of Okta: the answer always has Okta's format, and the log contains nothing of the body. */
async function hookBodies(): Promise<Kind['run']> {
  const rules = { ...planRules, usesFirstName: true, oktasTextFor: ['en'] }
  let left = 0
  let hook = async (
    _: string,
  ): Promise<{ readonly answer: unknown; readonly events: readonly StepEvent[] }> => assert.fail()
  const renew = async (): Promise<void> => {
    const world = await createWorld()
    const hookline = startProcess(world, {
      admit: async () => ({ kind: 'opened' }),
      settle: async () => undefined,
    })
    const { clock } = world
    const run = createHook({
      identify: async () => ({
        kind: 'caller',
        name: 'okta',
        org: undefined,
        claims: undefined,
        validUntil: undefined,
      }),
      planRules: rules,
      answerRules: { blocked: 'error', unknown: 'failed', overLimit: 'error' },
      budgetMs: 2_000,
      ports: hookline.ports,
      state: hookline.state,
    })
    let seen = 0
    hook = async text => {
      const answer = await clock.until(run(hookCall(text)))
      const events = hookline.events.slice(seen)
      seen = hookline.events.length
      return { answer, events }
    }
    left = CASES_A_WORLD
  }
  return async random => {
    if (left === 0) await renew()
    left -= 1
    const profile = {
      otpCode: CODE,
      msgTemplate: `${CODE} ist Ihr Code`,
      locale: random.pick(['de', 'EN-US', 'xx']),
    }
    const changed = random.chance(0.9) ? mutated(body(profile), random) : body(profile)
    const written = jsonText(changed)
    const text = random.chance(0.1) ? mangled(written, random) : written
    const { answer, events } = await hook(text)
    const { httpStatus, body: answered } = answer as { httpStatus: number; body: object | undefined }
    assert.ok([200, 400, 413].includes(httpStatus), `HTTP ${httpStatus}`)
    const output = JSON.stringify([answered, events])
    assert.ok(output.length < 20_000, `${output.length} characters`)
    assert.ok(!output.includes('INTERNAL_ERROR') && !output.includes('INTERNAL'), output)
    for (const secret of [CODE, SUBSCRIBER]) assert.ok(!JSON.stringify(answered).includes(secret), output)
    assert.ok(!JSON.stringify(events).includes(SUBSCRIBER), output)
    assert.deepEqual(hiddenCharactersIn(printable(output)), [])
    const { commands, error } = answered as { commands?: [{ value: [{ status: string }] }]; error?: object }
    const status = commands?.[0].value[0].status
    assert.ok(error !== undefined || ['SUCCESSFUL', 'PENDING', 'FAILED'].includes(String(status)), output)
  }
}

/** A template of a file or a command line: refused with a sentence, or the message always contains the code. */
function templates(random: Random): void {
  const shipped = random.pick(allShippedTexts)
  const text = random.chance(0.8)
    ? mangled(shipped.text, random)
    : `${hostileText(random)}{code}${hostileText(random)}`
  const voiceId = random.chance(0.9) ? shipped.voiceId : hostileText(random)
  const template = { ...shipped, text, voiceId }
  const { errors, warnings } = checkTemplate(template)
  for (const sentence of [...errors, ...warnings]) assert.equal(typeof sentence, 'string')
  if (errors.length > 0) return
  const filledIn = fillIn(prepareAnyTemplate({ ...template, version: 1 }), longestValues)
  assert.ok(filledIn.includes(longestValues.code.reveal()), filledIn)
}

/** Any post to the receipts' address: nothing is trusted, and only SNS is called. */
function snsEnvelopes(): Kind['run'] {
  const urls: string[] = []
  const fetchText = async (url: string): Promise<string> => {
    urls.push(url)
    throw new Error('out of reach')
  }
  const read = createSnsReader({ topicArns: [TOPIC], standIn: undefined }, fetchText, createFakeClock())
  const { signal } = new AbortController()
  return async random => {
    const envelope = random.chance(0.95)
      ? JSON.parse(jsonText(mutated(ENVELOPE, random)))
      : hostileJson(random)
    const post = await read(envelope, signal).catch(error => {
      assert.match((error as Error).message, /out of reach|a moment ago/)
      return undefined
    })
    assert.ok(post === undefined || post.kind === 'denied', JSON.stringify(post))
    for (const url of urls.splice(0))
      assert.match(url, /^https:\/\/sns\.us-east-1\.amazonaws\.com\/(sns\/)?Simple[\w-]+\.pem$/)
  }
}

const ENVELOPE = {
  Type: 'Notification',
  MessageId: '5a3c9d2e-0000-4000-8000-000000000001',
  TopicArn: TOPIC,
  Message: JSON.stringify({ messageId: 'm', eventType: 'TEXT_DELIVERED', context: { deliveryId: 'd' } }),
  Timestamp: '2026-03-01T12:00:00.000Z',
  SignatureVersion: '1',
  Signature: 'AAAA',
  SigningCertURL:
    'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem',
  UnsubscribeURL: 'https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe',
}

/** An imported file: accepted, or a sentence with the problem. */
function imports(random: Random): void {
  const [read, sound] = random.pick(FILES)
  const text = random.chance(0.5)
    ? jsonText(mutated(sound, random))
    : random.chance(0.8)
      ? mangled(JSON.stringify(sound), random)
      : `${hostileText(random)}${hostileText(random)}`
  try {
    read(text)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    assert.ok(error.message.length < 20_000, `${error.message.length} characters`)
  }
}

const FILES: readonly (readonly [(text: string) => unknown, object])[] = [
  [
    text => readTemplatesFile(text, 'file.json'),
    [
      { id: 's', messagetype: 'SMS', language: 'EN-US', message: 'Your code is @otp' },
      { channel: 'sms', locale: 'es', purpose: 'any', text: '{code} es tu código', version: 3 },
      { channel: 'voice', locale: 'es', text: '<speak>{code}</speak>', voiceId: 'MIA' },
    ],
  ],
  [
    text => readTemplatesFile(text, 'scan.json'),
    {
      Items: [
        {
          messagetype: { S: 'call' },
          language: { S: 'es' },
          message: { S: '@otp @otp2' },
          voiceid: { S: 'mia' },
        },
      ],
    },
  ],
  [
    text => readRoutesFile(text, 'routes.json', 'us-east-1'),
    {
      US: '+18665550100',
      '*': { sms: ['MyCompany', { identity: '+18665550100', maxPricePerPart: 0.1 }], voice: '+18665550100' },
    },
  ],
  [
    readOrgs,
    {
      acme: { issuer: 'https://acme.okta.com/oauth2/default', audience: 'a', clientId: 'c', scope: 's' },
      globex: { secretHeader: 'X-Hook' },
    },
  ],
]

const CASES_A_WORLD = 200
