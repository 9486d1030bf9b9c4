import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { createForger } from '../support/forged-tokens.ts'
import { findLeaks, tokenSecrets } from '../support/leaks.ts'
import { goodBody } from '../support/requests.ts'
import { goodToken } from '../world/controls.ts'
import type { DeployedWorld } from '../world/deployed.ts'
import { startWorld } from '../world/world.ts'
import { shapes } from './shapes.ts'

for (const { shape, parameters, hook, authenticator, isOneFunction } of shapes)
  describe(shape, () => {
    let world: DeployedWorld
    before(async () => {
      world = await startWorld({ hook: 'deployed', parameters })
    })
    after(() => world?.[Symbol.asyncDispose]())
    afterEach(async () => {
      world.okta.setTokenFault({})
      await take()
    })

    const take = async () => {
      const messages = await world.messages()
      await world.callCarrier('DELETE', '/messages')
      return messages
    }
    const tokens: string[] = []
    const post = async (headers: Readonly<Record<string, string>>, body = goodBody()): Promise<Response> => {
      tokens.push(headers.authorization?.split(' ')[1] ?? '')
      const all = { 'content-type': 'application/json', ...headers }
      return fetch(world.hookUrl, { method: 'POST', body, headers: all })
    }

    describe('an unauthenticated caller gets 401, and nothing is sent', () => {
      const unauthenticatedCallers: Readonly<Record<string, () => Promise<string>>> = {
        'expired long ago': async () => {
          world.okta.setTokenFault({ lifetimeSeconds: -90 })
          return goodToken(world.okta)
        },
        'for another audience': async () => {
          world.okta.setTokenFault({ claims: { aud: 'api://other' } })
          return goodToken(world.okta)
        },
        'of another client': async () => {
          world.okta.setTokenFault({ claims: { cid: '0oaother' } })
          return goodToken(world.okta)
        },
        'signed by an unknown key': async () => (await createForger(world.okta)).withUnknownKey(),
        'signed by another key under a known name': async () =>
          (await createForger(world.okta)).withKnownKeyId('RS256'),
        'signed with the public key as the secret': async () =>
          (await createForger(world.okta)).withPublicKeyAsSecret(),
      }
      for (const [what, token] of Object.entries(unauthenticatedCallers)) {
        test(`a token ${what}`, async () => {
          const before = world.functions.named(hook).invocations()
          const response = await post({ authorization: `Bearer ${await token()}` })
          const runs = world.functions.named(hook).invocations() - before
          assert.deepEqual([response.status, runs], [401, isOneFunction ? 1 : 0])
          assert.doesNotMatch(await response.text(), /token|issuer|lambda|arn:/i)
          assert.deepEqual(await take(), [])
        })
      }

      const junk: Readonly<Record<string, Readonly<Record<string, string>>>> = {
        'no header': {},
        'another scheme': { authorization: 'Basic dXNlcjpwYXNzd29yZA==' },
        'no scheme': { authorization: 'eyJhbGciOiJub25lIn0.e30.x' },
        'an unsigned token': { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' },
        'text after the token': { authorization: 'Bearer a.b.c or so' },
        'no token': { authorization: 'Bearer ' },
      }
      for (const [what, headers] of Object.entries(junk)) {
        test(`${what}: refused before any function runs`, async () => {
          const runs = () => world.functions.all.map(({ invocations }) => invocations())
          const before = runs()
          assert.equal((await post(headers)).status, 401)
          assert.deepEqual(runs(), before)
        })
      }

      test('a token that was verified before is refused once it has expired', async () => {
        world.okta.setTokenFault({ lifetimeSeconds: 120 })
        const authorization = `Bearer ${await goodToken(world.okta)}`
        assert.equal((await post({ authorization })).status, 200)
        await take()
        const asked = world.functions.named(authenticator).invocations()
        world.clock.skip(200_000) // the gateway caches the results of an authorizer for 300 seconds
        const late = await post({ authorization })
        const again = world.functions.named(authenticator).invocations() - asked
        assert.equal(again, isOneFunction ? 1 : 0, 'the gateway does not ask the authorizer again')
        assert.deepEqual([late.status, await take()], [401, []])
        assert.match(world.functions.named(hook).logs().join(), /"outcome":"TOKEN_EXPIRED"/)
      })

      test('another path or method is not found', async () => {
        const authorization = `Bearer ${await goodToken(world.okta)}`
        for (const [path, method] of [
          ['/v1/other', 'POST'],
          ['/mfa', 'POST'],
          ['/v1/mfa', 'GET'],
        ] as const) {
          const { status } = await fetch(new URL(path, world.hookUrl), { method, headers: { authorization } })
          assert.equal(status, 403)
        }
      })
    })

    describe('an invalid body', () => {
      test('a body that is too large or not JSON', async () => {
        const authorization = `Bearer ${await goodToken(world.okta)}`
        assert.equal((await post({ authorization }, goodBody().padEnd(70_000))).status, 413)
        assert.equal((await post({ authorization }, 'not JSON')).status, 400)
        assert.deepEqual(await take(), [])
      })
    })

    test('no log contains a token', () => {
      const secrets = tokens
        .filter(token => token.length > 100)
        .flatMap(token => tokenSecrets('a token', token))
      assert.ok(secrets.length > 10)
      const logs = Buffer.from(world.logs().join('\n'))
      assert.ok(logs.includes('TOKEN_'))
      assert.deepEqual(findLeaks(secrets, [{ name: 'logs', bytes: logs }]), [])
    })
  })
