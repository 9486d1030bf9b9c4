import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { A32, B32, problems, read } from '../../test/fixtures/settings.ts'
import type { Environment } from './environment.ts'
import { planRules } from './sending-settings.ts'
import { missingForService } from './settings.ts'

describe('settings', () => {
  it('are safe by default', () => {
    const settings = read({})
    assert.equal(settings.server.host, '127.0.0.1')
    assert.equal(settings.answers.overLimit, 'error')
    assert.equal(settings.answers.blocked, 'silent')
    assert.equal(settings.answers.unknown, 'failed')
    assert.equal(settings.numbers.defaultCountry, undefined)
  })

  it('list all their problems at once', () => {
    const input = { PORT: 'x', HOOKLINE_BUDGET_MS: '1', HOOKLINE_HASH_KEY: 'short', HOOKLINE_TYPO: 'x' }
    assert.deepEqual(
      problems(input).map(problem => problem.split(' ')[0]),
      ['PORT', 'HOOKLINE_HASH_KEY', 'HOOKLINE_BUDGET_MS', 'HOOKLINE_TYPO'],
    )
  })

  for (const [name, suggestion] of [
    ['HOOKLINE_TYPO', ''],
    ['HOOKLINE_', ''],
    ['HOOKLINE_SECRET', ' Did you mean HOOKLINE_SECRETS?'],
    ['HOOKLINE_OTKA_SCOPE', ' Did you mean HOOKLINE_OKTA_SCOPE?'],
    ['HOOKLINE_brand', ' Did you mean HOOKLINE_BRAND?'],
    ['HOOKLINE_constructor', ''],
  ] as const) {
    it(`refuse an unknown name, without its value: ${name}`, () => {
      const expected = [`${name} is not a setting of Hookline; docs/settings.md lists them.${suggestion}`]
      assert.deepEqual(problems({ [name]: 'value' }), expected)
    })
  }

  it('ignore variables of other programs', () => {
    const others = { PATH: '/bin', AWS_PROFILE: 'x', hookline_port: 'x', XHOOKLINE_PORT: 'x' }
    assert.deepEqual(read(others), read({}))
  })

  it('never show a secret, valid or not', () => {
    const wrong = { HOOKLINE_SECRETS: 'hunter2', HOOKLINE_HASH_KEY: 'hunter2' }
    assert.equal(problems(wrong).length, 2)
    assert.ok(!problems(wrong).join().includes('hunter2'))
    const right = JSON.stringify(read({ HOOKLINE_SECRETS: `${A32},${B32}`, HOOKLINE_HASH_KEY: A32 }))
    assert.ok(!right.includes('aaaa') && !right.includes('bbbb'), right)
  })

  it('become the rules of planning', () => {
    const settings = read({
      HOOKLINE_DEFAULT_COUNTRY: 'es',
      HOOKLINE_UNKNOWN_RANGES: 'ci',
      HOOKLINE_PARTS_MAX: '3',
      HOOKLINE_MAX_PRICE_PER_PART: '0.1',
      HOOKLINE_OKTAS_TEXT_FOR: 'ht, hi',
      HOOKLINE_DOMAIN: 'login.example.com',
      HOOKLINE_FIRST_NAME: 'on',
      AWS_REGION: 'eu-west-1',
    })
    assert.deepEqual(planRules(settings), {
      defaultCountry: 'ES',
      unknownRanges: ['CI'],
      defaultLocale: 'en',
      fallbackVoiceLocale: 'en',
      oktasTextFor: ['ht', 'hi'],
      partsMax: 3,
      ending: { kind: 'domain', domain: 'login.example.com' },
      brand: 'Okta',
      brandSpeech: undefined,
      domain: 'login.example.com',
      usesFirstName: true,
      maxPricePerPart: 0.1,
      maxPricePerMinute: 1,
      homeRegion: 'eu-west-1',
    })
  })

  it('end texts for the app if both an app and a domain are set', () => {
    const settings = read({ HOOKLINE_DOMAIN: 'login.example.com', HOOKLINE_APP_HASH: 'FA+9qCX9VSu' })
    assert.deepEqual(planRules(settings).ending, { kind: 'app', appHash: 'FA+9qCX9VSu' })
  })
})

describe('missing settings of the service', () => {
  const token = {
    HOOKLINE_OKTA_ISSUER: 'https://example.okta.com/oauth2/default',
    HOOKLINE_OKTA_AUDIENCE: 'api://default',
    HOOKLINE_OKTA_CLIENT_ID: '0oa1',
    HOOKLINE_OKTA_SCOPE: 'telephony.send',
  }
  const header = { HOOKLINE_SECRET_HEADER: 'X-Hook-Secret', HOOKLINE_SECRETS: A32 }
  const rest = { HOOKLINE_HASH_KEY: A32, AWS_REGION: 'us-east-1' }
  const missing = (environment: Environment): readonly string[] => missingForService(read(environment))

  it('are none with either authentication method, or both', () => {
    assert.deepEqual(missing({ ...token, ...rest }), [])
    assert.deepEqual(missing({ ...header, ...rest }), [])
    assert.deepEqual(missing({ ...token, ...header, ...rest }), [])
  })

  it('are an authentication method if there is none', () => {
    const [problem, ...others] = missing(rest)
    assert.match(
      problem ?? '',
      /^No authentication method is set\. Set HOOKLINE_OKTA_ISSUER, .*HOOKLINE_SECRETS \(secret header\), or HOOKLINE_ORGS \(several orgs\)\.$/,
    )
    assert.deepEqual(others, [])
  })

  for (const name of [...Object.keys(token), ...Object.keys(header)]) {
    it(`are ${name} if the others of its method are set, whatever the other method has`, () => {
      const both = { ...token, ...header, ...rest, [name]: undefined }
      const [problem, ...others] = missing(both)
      assert.match(problem ?? '', new RegExp(`^Missing ${name}: .* must be set together\\.$`))
      assert.deepEqual(others, [])
    })
  }

  it('are the hash key and the region, each with what to do', () => {
    assert.match(
      missing({ ...token, AWS_REGION: 'us-east-1' }).join(),
      /^HOOKLINE_HASH_KEY is missing\. Create one/,
    )
    assert.match(
      missing({ ...token, HOOKLINE_HASH_KEY: A32 }).join(),
      /^AWS_REGION is missing: the region of/,
    )
  })

  it('are the other hash key if it is the same, which would count each code twice', () => {
    const same = { ...token, AWS_REGION: 'us-east-1', HOOKLINE_HASH_KEY: A32, HOOKLINE_OTHER_HASH_KEY: A32 }
    assert.match(missing(same).join(), /^HOOKLINE_OTHER_HASH_KEY is the same as HOOKLINE_HASH_KEY; expected/)
    assert.deepEqual(missing({ ...same, HOOKLINE_OTHER_HASH_KEY: B32 }), [])
  })

  it('are the org of an event secret that may not call the hook', () => {
    const orgs = { HOOKLINE_ORGS: '{"acme":{"secretHeader":"X-A"}}', HOOKLINE_ORG_SECRETS: `acme=${A32}` }
    const acme = { ...orgs, ...rest, HOOKLINE_ORG_EVENT_SECRETS: `acme=${B32}` }
    assert.deepEqual(missing(acme), [])
    const mistyped = missing({ ...acme, HOOKLINE_ORG_EVENT_SECRETS: `amce=${B32}` })
    assert.match(mistyped.join(), /^HOOKLINE_ORG_EVENT_SECRETS names amce, .* Did you mean acme\?$/)
    const alone = missing({ ...header, ...rest, HOOKLINE_ORG_EVENT_SECRETS: `acme=${B32}` })
    assert.match(alone.join(), /^HOOKLINE_ORG_EVENT_SECRETS names acme, which HOOKLINE_ORGS does not/)
    const unnamed = { ...orgs, ...rest, HOOKLINE_EVENT_SECRETS: B32 }
    assert.match(missing(unnamed).join(), /^HOOKLINE_EVENT_SECRETS is for the org without a name, and every/)
    assert.deepEqual(missing({ ...unnamed, ...token }), [])
  })

  it('are all listed at once', () =>
    assert.equal(missing({ HOOKLINE_OKTA_SCOPE: 'x', HOOKLINE_SECRET_HEADER: 'x' }).length, 4))
})
