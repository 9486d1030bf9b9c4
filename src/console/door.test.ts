import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { consoleWith } from '../../test/fixtures/console.ts'
import { screens } from './console.ts'
import { createDoor } from './door.ts'
import { FORM_TOKEN } from './page.ts'

/** Every address of every screen, with its method. */
const addresses = screens.flatMap(({ routes }) =>
  routes.map(({ kind, path }) => ({
    kind,
    method: kind === 'page' ? 'GET' : 'POST',
    path: path.replaceAll(/:\w+/g, 'some'),
  })),
)
const assets = ['/style.css', '/island.js', '/icon.svg'].map(path => ({ kind: 'page', method: 'GET', path }))

describe('the door of the console', () => {
  test('exchanges the token of the address for a cookie, once', async () => {
    const { door, origin, opened } = consoleWith()
    const address = door.address()
    const first = await door.answer(new Request(address, { headers: { host: new URL(origin).host } }))
    assert.deepEqual([first.status, first.headers.get('location')], [303, '/'])
    const cookie = first.headers.get('set-cookie') ?? ''
    assert.match(cookie, /^hookline-console-8085=[\w.-]+; Path=\/; HttpOnly; SameSite=Strict$/)
    const second = await door.answer(new Request(address, { headers: { host: new URL(origin).host } }))
    assert.deepEqual([second.status, second.headers.get('set-cookie')], [403, null])
    assert.deepEqual(opened, [door.address()])
    assert.notEqual(door.address(), address)
  })

  test('does not take part of a token, or an empty one', async () => {
    const { door, get } = consoleWith()
    const token = new URL(door.address()).searchParams.get('token') ?? ''
    for (const offered of ['', token.slice(1), `${token}a`, 'undefined'])
      assert.equal((await get(`/?token=${offered}`, { cookie: '' })).status, 403, offered)
  })

  test('ends a session after a working day', async () => {
    const console = consoleWith()
    assert.equal((await console.get('/')).status, 200)
    console.pass(12 * 3_600_000)
    assert.equal((await console.get('/')).status, 403)
  })

  for (const { method, path } of [...addresses, ...assets]) {
    describe(`${method} ${path}`, () => {
      const visit = async (headers: Readonly<Record<string, string>>, console = consoleWith()) => {
        const { status, headers: answered, text } = await console.send(method, path, headers)
        assert.equal(answered['cache-control'], 'no-store')
        assert.match(answered['content-security-policy'] ?? '', /default-src 'none'/)
        return { status, text }
      }

      test('shows nothing without the cookie', async () => {
        const { status, text } = await visit({ cookie: '' })
        assert.equal(status, 403)
        assert.match(text, /Open the address that hookline console printed/)
      })

      test('shows nothing with the cookie of another process, or of another port', async () => {
        for (const other of [consoleWith(), consoleWith({ port: 8086 })]) {
          const cookie = (await other.cookie()).replace('8086', '8085')
          assert.equal((await visit({ cookie })).status, 403)
        }
      })

      test('shows nothing with a changed cookie', async () => {
        const console = consoleWith()
        const cookie = await console.cookie()
        for (const changed of [cookie.replace(/=\d/, '=9'), cookie.slice(0, -1), `${cookie}a`])
          assert.equal((await visit({ cookie: changed }, console)).status, 403, changed)
      })

      test('shows nothing under another name of this machine', async () => {
        for (const host of ['evil.example:8085', 'localhost:8085', '127.0.0.1', '127.0.0.1:8086'])
          assert.equal((await visit({ host })).status, 421, host)
      })

      test('shows nothing to a page elsewhere', async () => {
        for (const site of ['cross-site', 'same-site'])
          assert.equal((await visit({ 'sec-fetch-site': site })).status, 403, site)
      })

      if (method === 'POST') {
        test('does nothing for another origin, or for none', async () => {
          for (const origin of ['http://evil.example', 'http://127.0.0.1:8086', 'null', ''])
            assert.equal((await visit({ origin })).status, 403, origin)
        })

        test('does nothing with the token of an earlier form, or without one', async () => {
          const console = consoleWith()
          const earlier = await consoleWith().formToken()
          for (const body of ['', `${FORM_TOKEN}=`, `${FORM_TOKEN}=${earlier}`]) {
            const { status, text } = await console.send(method, path, {}, body)
            assert.equal(status, 403)
            assert.match(text, /from an earlier session/)
          }
        })
      }
    })
  }

  for (const { path } of addresses.filter(({ kind }) => kind === 'change')) {
    test(`a read-only console refuses ${path}`, async () => {
      const console = consoleWith({ isReadOnly: true })
      const { status, text } = await console.post(path, {})
      assert.equal(status, 403)
      assert.match(text, /read-only/)
    })
  }

  test('asks the app for nothing before each check has passed, whatever the method and the address', async () => {
    const asked: string[] = []
    const origin = 'http://127.0.0.1:8085'
    const door = createDoor({
      ...{ origin, isReadOnly: false, visitorName: 'casey', now: () => 0 },
      console: async ({ method, url }) => {
        asked.push(`${method} ${url}`)
        return new Response()
      },
      newToken: () => randomBytes(32).toString('base64url'),
    })
    const host = new URL(origin).host
    const letIn = await door.answer(new Request(door.address(), { headers: { host } }))
    const cookie = letIn.headers.get('set-cookie')?.split(';')[0] ?? ''
    const paths = ['/', '/new-page', '//evil.example', '/deliveries.csv?a=1', '/%2e%2e/', '/?token=']
    const refused: readonly Readonly<Record<string, string>>[] = [
      { host },
      { host, cookie: 'hookline-console-8085=1.a.b' },
      { host: 'evil.example', cookie },
      { host, cookie, 'sec-fetch-site': 'cross-site' },
    ]
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
      for (const path of paths)
        for (const headers of refused) {
          const own = method === 'GET' || method === 'HEAD' ? {} : { origin }
          const { status } = await door.answer(
            new Request(`${origin}${path}`, { method, headers: { ...own, ...headers } }),
          )
          assert.ok(status === 403 || status === 421, `${method} ${path}: ${status}`)
        }
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
      for (const foreign of ['', 'null', 'http://evil.example', 'http://127.0.0.1:8086']) {
        const headers = { host, cookie, origin: foreign }
        assert.equal((await door.answer(new Request(origin, { method, headers }))).status, 403)
      }
    assert.deepEqual(asked, [])
    await door.answer(new Request(`${origin}/new-page`, { headers: { host, cookie } }))
    assert.deepEqual(asked, [`GET ${origin}/new-page`])
  })

  test('lets a person who followed a link elsewhere go on', async () => {
    const { status, text } = await consoleWith().send('GET', '/?a=%22%3E', {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
    })
    assert.equal(status, 403)
    assert.match(text, /<a href="\/\?a=%22%3E">Continue<\/a>/)
  })

  test('is not fooled by a cookie of the same name that another program set', async () => {
    const console = consoleWith()
    const cookie = `hookline-console-8085=9999999999999.a.b; ${await console.cookie()}`
    assert.equal((await console.get('/', { cookie })).status, 200)
  })
})
