import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { delivery } from '../../test/contracts/stores.ts'
import { consoleWith, digestOf, NOON } from '../../test/fixtures/console.ts'
import { receipt } from '../../test/fixtures/receipts.ts'
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
