import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accepted, delivery, ended } from '../../test/contracts/stores.ts'
import { consoleWith, NOON } from '../../test/fixtures/console.ts'
import { csvCell } from './deliveries.ts'

describe('the list of deliveries', () => {
  const seeded = async () => {
    const console = consoleWith()
    for (let index = 0; index < 60; index += 1)
      await console.store.settle(
        delivery({
          ...{
            id: `d${index}`,
            openedAt: NOON - (60 - index) * 60_000,
            caller: index % 2 === 0 ? 'acme' : 'globex',
          },
          end: index % 10 === 0 ? ended('failed') : accepted(`m${index}`),
        }),
      )
    return console
  }
  const rowsIn = (text: string) => [...text.matchAll(/href="\/delivery\/(d\d+)"/g)].map(([, id]) => id)

  it('shows the newest, and how far it has read', async () => {
    const { text } = await (await seeded()).get('/deliveries')
    assert.deepEqual(rowsIn(text).slice(0, 2), ['d59', 'd58'])
    assert.match(text, /50 codes\. Read back to 11:10:00\./)
  })

  it('keeps the filter when it reads on', async () => {
    const console = await seeded()
    const first = await console.get('/deliveries?org=acme&status=accepted&country=es&from=0')
    assert.match(first.text, /<option value="accepted" selected>/)
    assert.match(first.text, /name="org" value="acme"/)
    assert.deepEqual(rowsIn(first.text).length, 24)
    const failed = await console.get('/deliveries?reason=CARRIER_REFUSED')
    assert.deepEqual(rowsIn(failed.text), ['d50', 'd40', 'd30', 'd20', 'd10', 'd0'])
  })

  it('ignores filters and positions that nobody can mean', async () => {
    const console = await seeded()
    for (const query of ['status=shiny', 'from=yesterday', 'sent=perhaps', 'constructor=1', '__proto__=1'])
      assert.equal(rowsIn((await console.get(`/deliveries?${query}`)).text).length, 50, query)
    assert.match((await console.get('/deliveries?country=Atlantis')).text, /No code matches/)
  })

  it('gives all that match as a file', async () => {
    const console = await seeded()
    const { headers, text } = await console.get('/deliveries.csv?status=failed')
    assert.match(headers['content-type'] ?? '', /^text\/csv/)
    assert.equal(headers['content-disposition'], 'attachment; filename="deliveries.csv"')
    const lines = text.trimEnd().split('\r\n')
    assert.equal(lines.length, 7)
    assert.match(lines[1] ?? '', /^"2026-11-28T11:50:00\.000Z","d50","acme","sms","ES","40"/)
  })

  for (const [text, cell] of [
    ['plain', '"plain"'],
    ['=1+1', `"'=1+1"`],
    ['+34', `"'+34"`],
    ['-2', `"'-2"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['|cmd', `"'|cmd"`],
    ['%0A', `"'%0A"`],
    ['a "b", c', '"a ""b"", c"'],
    ['two\nlines', '"two\\u000alines"'],
    ['\t=1', '"\\u0009=1"'],
  ] as const) {
    it(`writes ${JSON.stringify(text)} so that a spreadsheet takes it for text`, () => {
      assert.equal(csvCell(text), cell)
    })
  }
})
