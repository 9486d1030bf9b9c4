import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { consoleWith, digestOf, NOON } from '../../test/fixtures/console.ts'
import { everyPage } from '../../test/fixtures/console-pages.ts'
import { ada, seedDay } from '../../tools/console/demo-day.ts'
import { screens } from './console.ts'

const PERSON = `/person/user/${digestOf(ada.login)}`

describe('every page of a busy day', () => {
  const console = consoleWith()
  const pages = new Map<string, string>()
  before(async () => {
    await seedDay(console.store, NOON, { count: 400, hours: 11, digest: digestOf })
    const [newest] = (await console.store.pageDeliveries({ limit: 1 })).deliveries
    const addresses = everyPage({
      '/person/:by/:key': PERSON,
      '/delivery/:id': `/delivery/${newest?.id}`,
      '/templates/:channel/:locale/:purpose': '/templates/sms/de/any',
      '/templates/:channel/:locale/:purpose/history': '/templates/sms/de/any/history',
      '/routes/:country': '/routes/GB',
    })
    for (const path of addresses) {
      const { status, text } = await console.get(path)
      assert.equal(status, 200, path)
      pages.set(path, text)
    }
  })

  it('weighs at most 60 KB compressed, with everything that it loads', async () => {
    let assets = 0
    for (const path of ['/style.css', '/island.js', '/icon.svg'])
      assets += gzipSync((await console.get(path)).text).length
    for (const [path, text] of pages) {
      const weight = gzipSync(text).length + assets
      assert.ok(weight <= 60_000, `${path} weighs ${weight} bytes`)
    }
  })

  it('has one main heading, its own title, and each ID once', () => {
    for (const [path, text] of pages) {
      assert.equal(text.match(/<h1>/g)?.length, 1, path)
      assert.match(text, /<html lang="en">/, path)
      assert.match(text, /<title>[^<]+ · Hookline<\/title>/, path)
      const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
      assert.equal(new Set(ids).size, ids.length, `${path}: ${ids.join(' ')}`)
    }
  })

  it('links only to pages that exist, and to each screen', async () => {
    const links = new Map<string, string>()
    for (const [path, text] of pages) {
      for (const [, link = ''] of text.matchAll(/ href="(\/[^"]*)"/g))
        links.set(link.replaceAll('&amp;', '&'), path)
      for (const screen of screens)
        assert.ok(text.includes(`href="${screen.path}"`), `${path} to ${screen.path}`)
    }
    assert.ok(links.size > 100, String(links.size))
    for (const [link, from] of links) {
      const { status } = await console.get(link)
      assert.ok(status < 400, `${from} links to ${link}: ${status}`)
    }
  })

  it('works without JavaScript: each form has a button and an address that answers, and nothing else is hidden', () => {
    const actions = screens.flatMap(({ routes }) =>
      routes.map(({ kind, path }) => ({
        method: kind === 'page' ? 'get' : 'post',
        pattern: new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`),
      })),
    )
    for (const [path, text] of pages) {
      for (const [form, method, action = ''] of text.matchAll(
        /<form[^>]* method="(\w+)" action="([^"]+)"[^>]*>[\s\S]*?<\/form>/g,
      )) {
        assert.match(form, /<button type="submit"/, `${path}: ${action}`)
        const target = actions.find(one => one.method === method && one.pattern.test(action))
        assert.ok(target, `${path} sends a form to ${method} ${action}`)
      }
      // Only what the script itself does: it shows these buttons.
      for (const [tag] of text.matchAll(/<\w+(?: [\w-]+(?:="[^"]*")?)* hidden(?: [^>]*)?>/g))
        assert.match(tag, /^<button type="button" hidden data-copies=/, path)
    }
  })
})
