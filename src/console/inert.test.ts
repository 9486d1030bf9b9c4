import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { delivery } from '../../test/contracts/stores.ts'
import { type Answered, consoleWith, digestOf, NOON } from '../../test/fixtures/console.ts'
import { consoleVisits } from '../../test/fixtures/console-visits.ts'
import { receipt } from '../../test/fixtures/receipts.ts'
import type { Tried } from '../advice/coverage/try-countries.ts'
import type { Hold } from '../core/policy/credit/verdict.ts'
import type { Whom } from '../core/policy/fraud-policy.ts'
import type { Route } from '../core/policy/route.ts'
import type { DoctorState } from './examination-run.ts'
import { address, html, verbatim } from './page.ts'

const HOSTILE = `"><img src=x onerror=alert(1)><script>alert(1)</script>'&\u202e\u0007\u001b[31m`

describe('a page', () => {
  it('shows what callers and carriers wrote as text: no markup, no escapes', async () => {
    const console = consoleWith()
    const attempts = [{ identity: HOSTILE, result: 'accepted', detail: HOSTILE, durationMs: 1 }] as const
    await console.store.settle(
      delivery({
        ...{
          id: `id-${HOSTILE}`,
          openedAt: NOON - 1_000,
          caller: HOSTILE,
          eventId: HOSTILE,
          oktaRequestId: HOSTILE,
        },
        ...{ country: HOSTILE, lastDigits: HOSTILE, numberDigest: digestOf('x'), userDigest: HOSTILE },
        templateUsed: { source: 'template', locale: HOSTILE, purpose: 'any', version: 1 },
        end: { state: 'accepted', at: NOON, messageId: HOSTILE, attempts },
      }),
    )
    await console.store.addReceipt(
      receipt({ messageId: HOSTILE, type: HOSTILE, carrierName: HOSTILE, description: HOSTILE, price: 0.1 }),
    )
    const id = encodeURIComponent(`id-${HOSTILE}`)
    const word = encodeURIComponent(HOSTILE)
    const paths = ['/', '/deliveries', `/delivery/${id}`, `/person/number/${digestOf('x')}`]
    for (const path of [
      ...paths,
      `/person/event/${word}`,
      `/deliveries?org=${word}&from=1&channel=${word}`,
    ]) {
      const { status, text } = await console.get(path)
      assert.equal(status, 200, path)
      assert.match(text, /&lt;img|&quot;&gt;|%3Cimg/, path)
      assert.doesNotMatch(text, /<img|<script>|onerror=alert\(1\)>(?!&)/, path)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
      assert.doesNotMatch(text, /[\u202e\u0007\u001b]/, path)
    }
    const { text: file } = await console.get('/deliveries.csv')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    assert.doesNotMatch(file, /[\u202e\u0007\u001b]/)
  })

  /** What everybody can write: callers, carriers, operators. */
  const hostileConsole = async () => {
    const console = consoleWith({
      removeOptOuts: () => Promise.reject(new Error(HOSTILE)),
      numberAtAws: async () => HOSTILE,
      explainRule: () => Promise.reject(new Error(HOSTILE)),
      sendOnce: async () => ({ kind: 'unknown', code: 'CARRIER_UNKNOWN', detail: HOSTILE }),
      tryCountries: async ([country], report) => {
        report({
          ...{
            country: country?.country ?? 'US',
            route: 'own',
            of: '*',
            destination: 'example',
            identity: HOSTILE,
          },
          ...{ region: HOSTILE, result: 'refused', detail: HOSTILE, why: HOSTILE },
        } as Tried)
        return new Error(HOSTILE)
      },
      doctor: {
        start: () => undefined,
        state: () => ({ kind: 'failed', target: { org: HOSTILE }, why: HOSTILE }) as DoctorState,
      },
    })
    const { store } = console
    const attempts = [{ identity: HOSTILE, result: 'failure', detail: HOSTILE, durationMs: 1 }] as const
    const hold = {
      reason: 'FRAUD_PREFIX',
      group: `p6:${HOSTILE}`,
      codes: 6,
      answers: 0,
      since: NOON - 60_000,
    } as Hold
    const codes = ['FRAUD_PREFIX', 'RECIPIENT_OPTED_OUT'] as const
    for (const [index, code] of codes.entries())
      await store.settle(
        delivery({
          ...{ id: `${HOSTILE}${index}`, openedAt: NOON - index - 1_000, caller: HOSTILE, eventId: HOSTILE },
          ...{
            oktaRequestId: HOSTILE,
            country: HOSTILE,
            lastDigits: HOSTILE,
            numberDigest: digestOf('+34683783440'),
          },
          ...{
            userDigest: HOSTILE,
            loginDigest: HOSTILE,
            credit: { block: HOSTILE, network: HOSTILE, hold },
          },
          templateUsed: { source: 'template', locale: HOSTILE, purpose: 'any', version: 1 },
          end: { state: 'refused', at: NOON, code, detail: HOSTILE, attempts },
        }),
      )
    const by = { author: HOSTILE, at: NOON - 1_000, because: HOSTILE }
    const whoms: readonly Whom[] = [
      { kind: 'number', digest: HOSTILE, lastDigits: HOSTILE },
      { kind: 'prefix', digits: HOSTILE },
      { kind: 'network', cidr: HOSTILE },
    ]
    const overrides = whoms.map(whom => ({ what: 'allow', whom, ...by, until: NOON + 86_400_000 }) as const)
    await store.saveFraudPolicy({ mode: 'observe', modes: { [HOSTILE]: 'off' }, overrides }, by)
    await store.saveRoutes(
      [{ country: '*', channel: 'sms', candidates: [{ identity: HOSTILE, region: HOSTILE }] } as Route],
      by,
    )
    const template = { channel: 'sms', locale: 'de', purpose: 'mfa-verification', voiceId: '' } as const
    for (const replaces of [0, 1])
      await store.saveTemplates(
        [{ ...template, text: `{code} ${HOSTILE}${replaces}`, indiaTemplateId: HOSTILE, replaces }],
        by,
      )
    await store.logEvent(
      { what: 'lookups', differences: [{ name: HOSTILE, before: [HOSTILE], after: [HOSTILE] }] },
      by,
    )
    const visits = consoleVisits({
      ...{ held: `${HOSTILE}0`, optedOut: `${HOSTILE}1`, optedOutNumber: '+34683783440', version: 2 },
      ...{ numberDigest: digestOf('+34683783440'), userDigest: 'user', eventId: HOSTILE },
      override: JSON.stringify(['allow', by.at, NOON + 86_400_000, HOSTILE]),
    })
    return { console, visits }
  }
  const isInert = ({ headers, text }: Answered, what: string): void => {
    const isFile = /^attachment/.test(headers['content-disposition'] ?? '')
    if (!isFile) assert.doesNotMatch(text, /<img|<script>|onerror=alert\(1\)>(?!&)/, what)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    assert.doesNotMatch(text.replaceAll(/<textarea[\s\S]*?<\/textarea>/g, ''), /[\u202e\u0007\u001b]/, what)
  }

  it('is inert on every route of the app, whatever is stored, in addresses and in forms', async () => {
    const { console, visits } = await hostileConsole()
    const shown = new Set<string>()
    const names = [
      'before',
      'from',
      'to',
      'status',
      'country',
      'channel',
      'purpose',
      'language',
      'org',
      'reason',
    ]
    const query = [...names, 'template', 'identity', 'what', 'since', 'done', 'saved', 'locale', 'q', 'sent']
      .map(name => `${name}=${encodeURIComponent(HOSTILE)}`)
      .join('&')
    for (const { method, path, fields } of visits) {
      if (method === 'GET') {
        for (const address of [path, `${path}${path.includes('?') ? '&' : '?'}${query}`]) {
          const answered = await console.get(address)
          const { status, text } = answered
          assert.ok(status < 500, `${address}: ${text}`)
          isInert(answered, address)
          if (text.includes('&lt;img')) shown.add(path)
        }
        continue
      }
      const hostile = Object.fromEntries(Object.keys(fields).map(name => [name, HOSTILE]))
      for (const form of [hostile, { ...fields, because: HOSTILE }]) {
        const answered = await console.post(path, form)
        const { headers, text } = answered
        isInert(answered, `${method} ${path}`)
        assert.match(headers.location ?? '/', /^\/(?!\/)/, path)
        if (text.includes('&lt;img')) shown.add(path)
      }
    }
    assert.ok(shown.size >= 12, `the stored texts are shown on ${[...shown].join(', ')}`)
  })

  it('links only to http(s) and to its own paths', () => {
    for (const path of ['/x', '/x?a=b', 'https://example.com/x', 'http://127.0.0.1:8081/'])
      assert.equal(address(path), path)
    for (const path of [
      ...[
        'javascript:alert(1)',
        ' javascript:alert(1)',
        'data:text/html,x',
        '//evil.example',
        '/\\evil.example',
        '',
      ],
      ...['x', 'https://', 'https:/\\evil', '/\n/evil.example', '/\t/evil', 'vbscript:x', 'HTTPS://a b'],
    ])
      assert.equal(address(path), '#', JSON.stringify(path))
    assert.equal(address('/x', { q: 'a&b="<', n: 1, none: undefined, empty: '' }), '/x?q=a%26b%3D%22%3C&n=1')
  })

  it('escapes every value of a template, in text and in attributes', () => {
    const made = html`<p title="${'"><b>'}">${['<i>', html`<b>${'&'}</b>`]}${false}${undefined}${0}</p>`
    assert.equal(made.toString(), '<p title="&quot;&gt;&lt;b&gt;">&lt;i&gt;<b>&amp;</b>0</p>')
    assert.equal(html`${'a\u202eb'}`.toString(), 'a\\u202eb')
    assert.equal(verbatim('\u200f<b>').toString(), '\u200f&lt;b&gt;')
  })
})
