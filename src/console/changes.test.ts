import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { consoleWith, NOON } from '../../test/fixtures/console.ts'
import { templateText } from '../../test/fixtures/planning.ts'

const by = (author: string, at = NOON - 60_000) => ({ author, at })

describe('the screen of changes', () => {
  it('teaches what it will show while nothing was changed', async () => {
    const { text } = await consoleWith().get('/changes')
    assert.match(text, /Nothing was changed, as far as the log goes back/)
    assert.match(text, /<code>hookline changes<\/code>/)
  })

  it('shows who changed what, why, and the complete values', async () => {
    const { store, get } = consoleWith()
    await store.saveTemplates([templateText({ text: 'Your code is {code}' })], by('ana'))
    await store.saveTemplates([templateText({ text: 'Your code: {code}' })], {
      ...by('ben'),
      because: 'ticket 7',
    })
    await store.logEvent(
      { what: 'lookups', differences: [{ name: 'user', after: ['digest-of-somebody'] }] },
      by('help'),
    )
    const { text } = await get('/changes')
    assert.match(text, /<td>ben<\/td>\s*<td>templates<\/td>/)
    assert.match(text, /sms\/en\/any: version 1 -&gt; 2, Your code\[\+:\+\]/)
    assert.match(text, /<td dir="auto">ticket 7<\/td>/)
    assert.match(text, /&quot;text&quot;: &quot;Your code is \{code\}&quot;/)
    assert.match(text, /user digest-o…/)
    assert.ok(text.indexOf('<td>help</td>') < text.indexOf('<td>ben</td>'), 'newest first')
  })

  it('filters, names the command, and pages on', async () => {
    const { store, get } = consoleWith()
    for (let index = 0; index < 51; index += 1)
      await store.saveTemplates([templateText({ text: `${index} {code}` })], by(`author ${index}`))
    await store.saveLimits({ mode: 'observe', windows: [] }, by('lee'))
    const { text } = await get('/changes?what=templates&since=24h')
    assert.doesNotMatch(text, /<td>lee<\/td>/)
    assert.match(text, /<code>hookline changes --what templates --since 24h<\/code>/)
    const next = /href="(\/changes\?what=templates[^"]+before=[^"]+)"/
      .exec(text)?.[1]
      ?.replaceAll('&amp;', '&')
    assert.ok(next)
    const last = (await get(next)).text
    assert.match(last, /<td>author 0<\/td>/)
    assert.doesNotMatch(last, /<td>author 1<\/td>/)
    assert.match((await get('/changes?what=limits')).text, /mode: enforce -&gt; observe/)
  })

  for (const query of [
    'what=constructor',
    'since=__proto__',
    'before=x%7Cy',
    'before=%00',
    `before=${'9'.repeat(5_000)}`,
  ])
    it(`answers the odd query ${query.slice(0, 30)}`, async () => {
      assert.equal((await consoleWith().get(`/changes?${query}`)).status, 200)
    })

  it('shows what people wrote as text', async () => {
    const { store, get } = consoleWith()
    const evil = '"><script>alert(1)</script>\u202e\u001b[31m'
    await store.saveTemplates([templateText({ text: `${evil} {code}` })], { ...by(evil), because: evil })
    await store.logEvent(
      { what: 'optouts', differences: [{ name: evil, before: { list: evil, region: evil } }] },
      by(evil),
    )
    const { text } = await get('/changes')
    assert.doesNotMatch(text, /<script>/)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
    assert.doesNotMatch(text, /[\u202e\u001b]/)
  })
})
