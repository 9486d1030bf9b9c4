import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createFakeClock } from '../../../test/fixtures/fake-clock.ts'
import { NOW } from '../../../test/fixtures/planning.ts'
import { read } from '../../../test/fixtures/settings.ts'
import { tokenRules } from '../../../test/fixtures/tokens.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import { keepSigningKeys } from '../../okta/signing-keys.ts'
import { readinessChecks } from './readiness-checks.ts'

type Fetch = () => Promise<{ readonly jwks: unknown }>
const answers: Fetch = async () => ({ jwks: { keys: [] } })
const hangs: Fetch = () => new Promise(() => undefined)
const fails: Fetch = async () => {
  throw new Error('out of reach')
}

function keysCheck(...issuers: readonly Fetch[]) {
  const tokens = issuers.map(fetchJwks => ({
    org: 'acme',
    rules: tokenRules,
    keys: keepSigningKeys({ fetchJwks, now: () => NOW }),
  }))
  const settings = read({ AWS_REGION: 'us-east-1' })
  const checks = readinessChecks(
    settings,
    { tokens },
    createMemoryStore(() => NOW),
  )
  return checks.find(({ name }) => name === 'keys')
}
const signal = new AbortController().signal

describe('a server is ready as to its store', () => {
  const storeCheck = (checkWritable: () => Promise<void>, readPolicy = async () => undefined) => {
    const clock = createFakeClock()
    const settings = read({ AWS_REGION: 'us-east-1' })
    const checks = readinessChecks(settings, { tokens: [] }, { readPolicy, checkWritable }, clock)
    const { check } = checks.find(({ name }) => name === 'store') ?? assert.fail()
    return { clock, check: () => check(signal) }
  }

  it('if it can be read and written; it is written at most once in five seconds', async () => {
    let written = 0
    const { clock, check } = storeCheck(async () => {
      written += 1
    })
    for (let ms = 0; ms < 50; ms += 1) {
      await check()
      clock.pass(100)
    }
    assert.equal(written, 1)
    clock.pass(1)
    await check()
    assert.equal(written, 2)
  })

  it('not if it can only be read because the disk is full', async () => {
    const { check } = storeCheck(() => Promise.reject(new Error('store: database or disk is full')))
    await assert.rejects(check(), /disk is full/)
  })

  it('not if it can no longer be read, even if it was written recently', async () => {
    let isGone = false
    const { check } = storeCheck(
      async () => undefined,
      async () => (isGone ? Promise.reject(new Error('store: closed')) : undefined),
    )
    await check()
    isGone = true
    await assert.rejects(check(), /closed/)
  })
})

describe('a server is ready as to its keys', () => {
  it("if those of one org are available, whatever happens to the others'", async () => {
    for (const issuers of [[answers], [fails, answers], [hangs, answers, hangs]])
      await assert.doesNotReject(async () => keysCheck(...issuers)?.check(signal))
  })

  it('not if no issuer answers: each reason is logged', async () => {
    await assert.rejects(
      async () => keysCheck(fails, fails)?.check(signal),
      /^Error: Error: out of reach; Error: out of reach$/,
    )
  })

  it('if no org has tokens', () => assert.equal(keysCheck(), undefined))
})
