import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { A32, B32, problems, read } from '../../test/fixtures/settings.ts'
import { Secret } from '../core/values/secret.ts'
import type { Setting } from './setting.ts'
import { allSettings, settingTable } from './setting-table.ts'
import type { Settings } from './settings.ts'

const plain = (value: unknown): unknown =>
  value instanceof Secret ? value.reveal() : Array.isArray(value) ? value.map(plain) : value

/** The value of a setting by the name of its environment variable. */
function readValue(settings: Settings, name: string): unknown {
  for (const [group, rows] of Object.entries(settingTable)) {
    const [key] = Object.entries<Setting>(rows).find(([, row]) => row.name === name) ?? []
    if (key !== undefined) return settings[group as keyof Settings][key as never]
  }
  return assert.fail(name)
}

function rowOf(name: string): Setting {
  return allSettings.find(row => row.name === name) ?? assert.fail(name)
}

const GLOBEX = { kind: 'secret header', name: 'globex', secretHeader: 'X-G' }
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:receipts'

/** Name, then what is accepted (and as what), then what is refused. */
const cases: readonly (readonly [string, readonly (readonly [string, unknown])[], readonly string[]])[] = [
  [
    'PORT',
    [
      ['0', 0],
      ['8080', 8080],
      ['65535', 65_535],
      [' 80 ', 80],
    ],
    ['-1', '65536', '80.5', '1e3', 'http', '0x50'],
  ],
  [
    'HOOKLINE_HOST',
    [
      ['0.0.0.0', '0.0.0.0'],
      ['::1', '::1'],
    ],
    [],
  ],
  [
    'HOOKLINE_PATH',
    [
      ['/mfa', '/mfa'],
      ['/a/b-c_1', '/a/b-c_1'],
    ],
    ['mfa', '/', '/a b', '/a?b', '/:id', '/*'],
  ],
  [
    'HOOKLINE_OKTA_ISSUER',
    [
      ['https://example.okta.com/oauth2/default', 'https://example.okta.com/oauth2/default'],
      ['http://127.0.0.1:7001/oauth2/default', 'http://127.0.0.1:7001/oauth2/default'],
      ['http://localhost:7001', 'http://localhost:7001'],
      ['http://[::1]:7001', 'http://[::1]:7001'],
    ],
    [
      'http://example.okta.com/oauth2/default',
      'http://127.0.0.1.evil.example',
      'http://localhost.evil.example',
      'http://0.0.0.0',
      'http://10.0.0.1',
      'https://example.okta.com?x=1',
      'https://example.okta.com#x',
      'example.okta.com',
      'ftp://127.0.0.1',
      'file:///etc/passwd',
      'https://',
    ],
  ],
  ['HOOKLINE_OKTA_AUDIENCE', [['api://default', 'api://default']], []],
  ['HOOKLINE_OKTA_CLIENT_ID', [['0oa1', '0oa1']], []],
  ['HOOKLINE_OKTA_SCOPE', [['telephony.send', 'telephony.send']], ['two scopes']],
  [
    'HOOKLINE_SECRET_HEADER',
    [
      ['X-Hook-Secret', 'X-Hook-Secret'],
      [`x${'a'.repeat(63)}`, `x${'a'.repeat(63)}`],
    ],
    ['Authorization', 'AUTHORIZATION', 'x secret', 'x:secret', '1x', '-x', 'x_secret', `x${'a'.repeat(64)}`],
  ],
  [
    'HOOKLINE_SECRETS',
    [
      [A32, [A32]],
      [`${A32},${B32}`, [A32, B32]],
      [` ${A32} , ${B32} `, [A32, B32]],
    ],
    [A32.slice(1), `${A32},${B32.slice(1)}`, `${A32},`, `,${A32}`, `${A32},${B32},${A32}`],
  ],
  // orgs.test.ts tests their problems, by org.
  ['HOOKLINE_ORGS', [[`{"globex":{"secretHeader":"X-G"}}`, [GLOBEX]]], []],
  ['HOOKLINE_ORG_SECRETS', [[`globex=${A32}`, new Map([['globex', [new Secret(A32)]]])]], [A32]],
  [
    'HOOKLINE_EVENT_SECRETS',
    [
      [A32, [A32]],
      [`${A32},${B32}`, [A32, B32]],
    ],
    [A32.slice(1), `${A32},`, `${A32},${B32},${A32}`],
  ],
  ['HOOKLINE_ORG_EVENT_SECRETS', [[`globex=${A32}`, new Map([['globex', [new Secret(A32)]]])]], [A32]],
  ['HOOKLINE_HASH_KEY', [[A32, A32]], [A32.slice(1)]],
  ['HOOKLINE_OTHER_HASH_KEY', [[A32, A32]], [A32.slice(1)]],
  [
    'HOOKLINE_MESSAGE_FEEDBACK',
    [
      ['true', true],
      ['false', false],
    ],
    ['on', 'True'],
  ],
  [
    'HOOKLINE_RECEIPTS_FROM_EVENTBRIDGE',
    [
      ['true', true],
      ['false', false],
    ],
    ['yes', 'True'],
  ],
  [
    'HOOKLINE_RETENTION_DAYS',
    [
      ['1', 1],
      ['3650', 3_650],
    ],
    ['0', '3651', 'ever'],
  ],
  ['HOOKLINE_TABLE', [['hookline-Store-1A', 'hookline-Store-1A']], ['ab', 'a table', 'a/b']],
  ['HOOKLINE_SECRET_ID', [['hash-key', 'hash-key']], []],
  ['HOOKLINE_HOOK_SECRET_ID', [['hook-secret', 'hook-secret']], []],
  ['HOOKLINE_EVENT_SECRET_ID', [['event-secret', 'event-secret']], []],
  [
    'HOOKLINE_DATA_DIR',
    ['/var/lib/hookline', 'proc/data', '/process', '/var/proc', '/proc/..', '/'].map(
      folder => [folder, folder] as const,
    ),
    ['/proc', '/proc/1/x', '//proc/x', '/./proc/x', '/var/../proc/self/cwd/data'],
  ],
  [
    'HOOKLINE_DEFAULT_COUNTRY',
    [
      ['US', 'US'],
      ['gb', 'GB'],
    ],
    ['UK', 'USA', '1', '001', '*', '__proto__', 'constructor'],
  ],
  [
    'HOOKLINE_UNKNOWN_RANGES',
    [
      ['CI', ['CI']],
      ['bj, ci', ['BJ', 'CI']],
    ],
    ['Benin', 'BJ,', 'BJ CI', 'US,CA', '229'],
  ],
  [
    'HOOKLINE_DEFAULT_LOCALE',
    [
      ['en', 'en'],
      ['PT_br', 'pt-BR'],
      ['zh_TW_#Hant', 'zh-Hant-TW'],
    ],
    ['english', 'und', 'en us', 'x-private', '*'],
  ],
  [
    'HOOKLINE_FALLBACK_VOICE_LOCALE',
    [
      ['en', 'en'],
      ['es_mx', 'es-MX'],
    ],
    ['voice', 'und'],
  ],
  [
    'HOOKLINE_OKTAS_TEXT_FOR',
    [
      ['ht', ['ht']],
      ['ht, HI', ['ht', 'hi']],
    ],
    ['ht,', 'en-US', 'haitian', 'ht;hi'],
  ],
  [
    'HOOKLINE_BRAND',
    [['Example & Co.', 'Example & Co.']],
    ['example.com', 'Call 555', 'x'.repeat(21), '<b>'],
  ],
  ['HOOKLINE_BRAND_SPOKEN', [['Akme', 'Akme']], ['<sub>', 'Call 555', 'x'.repeat(41)]],
  [
    'HOOKLINE_BRAND_LANGUAGE',
    [
      ['en', 'en-US'],
      ['de_AT', 'de-DE'],
      ['zh-TW', 'cmn-CN'],
    ],
    ['English', 'fi', '<b>'],
  ],
  [
    'HOOKLINE_DOMAIN',
    [['login.example.com', 'login.example.com']],
    ['localhost', 'https://a.com', 'a.com/x', 'Login.example.com', `${'a'.repeat(40)}.com`, 'a..com'],
  ],
  ['HOOKLINE_APP_HASH', [['FA+9qCX9VSu', 'FA+9qCX9VSu']], ['FA+9qCX9VS', 'FA+9qCX9VSu1', 'FA 9qCX9VSu']],
  [
    'HOOKLINE_FIRST_NAME',
    [
      ['on', true],
      ['off', false],
    ],
    ['true', 'yes'],
  ],
  [
    'HOOKLINE_PARTS_MAX',
    [
      ['1', 1],
      ['10', 10],
    ],
    ['0', '11', '1.5'],
  ],
  [
    'HOOKLINE_MAX_PRICE_PER_PART',
    [
      ['0.05', 0.05],
      ['.05', 0.05],
      ['10', 10],
    ],
    ['0', '0.0', '10.01', '-1', '$1', '1,5', '1e1'],
  ],
  [
    'HOOKLINE_MAX_PRICE_PER_MINUTE',
    [
      ['0.1', 0.1],
      ['10', 10],
    ],
    ['0', '11', 'free'],
  ],
  [
    'HOOKLINE_BUDGET_MS',
    [
      ['500', 500],
      ['2500', 2_500],
    ],
    ['499', '2501', '2s'],
  ],
  [
    'HOOKLINE_OVER_LIMIT_ANSWER',
    [
      ['error', 'error'],
      ['failed', 'failed'],
      ['silent', 'silent'],
    ],
    ['pending', 'Error'],
  ],
  [
    'HOOKLINE_BLOCKED_ANSWER',
    [
      ['error', 'error'],
      ['failed', 'failed'],
      ['silent', 'silent'],
    ],
    ['pending', 'Error'],
  ],
  [
    'HOOKLINE_UNKNOWN_ANSWER',
    [
      ['failed', 'failed'],
      ['pending', 'pending'],
    ],
    ['error', 'silent'],
  ],
  [
    'AWS_REGION',
    [
      ['us-east-1', 'us-east-1'],
      ['us-gov-west-1', 'us-gov-west-1'],
      ['eusc-de-east-1', 'eusc-de-east-1'],
    ],
    ['us-east', 'US-EAST-1', 'Virginia', 'us-east-1a', 'us_east_1', 'us-east-1.evil.example'],
  ],
  [
    'AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2',
    [
      ['http://127.0.0.1:7002', 'http://127.0.0.1:7002'],
      ['https://sms.example', 'https://sms.example'],
    ],
    ['127.0.0.1:7002', 'localhost:7002', 'ftp://sms.example', 'mailto:x@sms.example', 'x'],
  ],
  [
    'HOOKLINE_CANARY',
    [
      ['off', 'off'],
      ['US', 'US'],
      ['GB', 'GB'],
    ],
    ['DE', 'us', 'on', 'true', '+14254147755', '__proto__', 'toString'],
  ],
  [
    'HOOKLINE_CANARY_URL',
    [
      ['https://hook.example.com/mfa', 'https://hook.example.com/mfa'],
      ['http://127.0.0.1:8080/mfa', 'http://127.0.0.1:8080/mfa'],
    ],
    [
      ...['http://hook.example.com/mfa', 'http://127.0.0.1.evil.example/mfa', 'hook.example.com/mfa', '/mfa'],
      ...['https://hook.example.com/mfa?x=1', 'https://hook.example.com/mfa#x', 'file:///etc/passwd'],
      'https://user:secret@hook.example.com/mfa',
    ],
  ],
  [
    'HOOKLINE_RECEIPT_TOPICS',
    [
      [TOPIC, [TOPIC]],
      [`${TOPIC}, ${TOPIC}2`, [TOPIC, `${TOPIC}2`]],
    ],
    ['receipts', `${TOPIC},`],
  ],
  [
    'HOOKLINE_METRICS_PORT',
    [
      ['0', 0],
      ['9464', 9464],
    ],
    ['65536', 'x'],
  ],
  [
    'HOOKLINE_CONSOLE_PORT',
    [
      ['0', 0],
      ['8085', 8085],
    ],
    ['65536', '-1'],
  ],
  [
    'HOOKLINE_WORKERS',
    [
      ['1', 1],
      ['16', 16],
    ],
    ['0', '17', '1.5', 'auto'],
  ],
  ['HOOKLINE_CONFIGURATION_SET', [['hookline', 'hookline']], []],
  ['HOOKLINE_PROTECT_CONFIGURATION', [['protect-1', 'protect-1']], []],
]

describe('a setting', () => {
  it('is tested here, without exception', () => {
    assert.deepEqual(cases.map(([name]) => name).sort(), allSettings.map(({ name }) => name).sort())
  })

  for (const [name, accepted, refused] of cases) {
    for (const [input, expected] of accepted) {
      it(`${name} accepts "${input}"`, () =>
        assert.deepEqual(plain(readValue(read({ [name]: input }), name)), expected))
    }
    for (const input of refused) {
      it(`${name} refuses "${input}", with what is allowed`, () => {
        const { allowed, isSecret, problemOf } = rowOf(name)
        const is = isSecret ? 'set, but not usable' : `"${input}"`
        const why = problemOf === undefined ? '' : ` It ${problemOf(input)}.`
        assert.deepEqual(problems({ [name]: input }), [`${name} is ${is}; expected ${allowed}.${why}`])
      })
    }
    it(`${name} is unset if it is empty`, () => {
      assert.deepEqual(readValue(read({ [name]: '' }), name), readValue(read({}), name))
      assert.deepEqual(readValue(read({ [name]: '  ' }), name), readValue(read({}), name))
    })
    it(`${name} documents its meaning, and what is allowed`, () => {
      assert.match(rowOf(name).meaning, /^.{10,}\.$/)
      assert.match(rowOf(name).allowed, /^.{3,}[^.]$/)
    })
  }
})
