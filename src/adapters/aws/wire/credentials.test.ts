import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'
import { useTestCredentials } from '../../../../test/fixtures/aws-credentials.ts'
import { environmentCredentials, type ProvidedCredentials, providerCredentials } from './credentials.ts'
import type { Credentials } from './sigv4.ts'

const textsOf = ({ accessKeyId, secretAccessKey, sessionToken }: Credentials) => [
  accessKeyId,
  secretAccessKey.reveal(),
  sessionToken?.reveal(),
]

describe('credentials of the environment', () => {
  it('are read at each call', () => {
    const environment: Record<string, string> = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' }
    const read = environmentCredentials(environment)
    assert.deepEqual(textsOf(read()), ['a', 'b', undefined])
    environment.AWS_SESSION_TOKEN = ''
    assert.deepEqual(textsOf(read()), ['a', 'b', undefined])
    Object.assign(environment, { AWS_ACCESS_KEY_ID: 'c', AWS_SESSION_TOKEN: 'd' })
    assert.deepEqual(textsOf(read()), ['c', 'b', 'd'])
  })

  it('are never printed', () => {
    const read = environmentCredentials({
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'private',
      AWS_SESSION_TOKEN: 'private',
    })
    assert.doesNotMatch(inspect(read()) + JSON.stringify(read()), /private/)
  })

  it('are named if they are missing', () => {
    for (const environment of [{}, { AWS_ACCESS_KEY_ID: 'a' }, { AWS_SECRET_ACCESS_KEY: 'b' }])
      assert.throws(
        () => environmentCredentials(environment)(),
        /AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/,
      )
  })
})

describe('credentials of a provider', () => {
  const HOUR_MS = 3_600_000
  function setUp() {
    const answers: (() => Promise<ProvidedCredentials>)[] = []
    const asked: boolean[] = []
    const clock = { now: 0 }
    const read = providerCredentials(
      () => clock.now,
      async () =>
        async ({ forceRefresh }) => {
          asked.push(forceRefresh)
          return (answers.shift() ?? assert.fail('asked once too often'))()
        },
    )
    return { answers, asked, clock, read }
  }
  const of = (accessKeyId: string, expiresAt?: number) => async (): Promise<ProvidedCredentials> => ({
    accessKeyId,
    secretAccessKey: 'secret',
    ...(expiresAt !== undefined && { expiration: new Date(expiresAt) }),
  })
  const fails = async (): Promise<never> => {
    throw new Error('no provider')
  }

  it('are requested once for all who wait, and kept if they do not expire', async () => {
    const { answers, asked, clock, read } = setUp()
    answers.push(of('one'))
    const [first, second] = await Promise.all([read(), read()])
    clock.now = 1_000 * HOUR_MS
    assert.deepEqual(
      [first, second, read()].map(each => (each as Credentials).accessKeyId),
      ['one', 'one', 'one'],
    )
    assert.deepEqual(asked, [false])
  })

  it('are requested in the background from five minutes before they expire', async () => {
    const { answers, asked, clock, read } = setUp()
    answers.push(of('one', HOUR_MS), of('two', 2 * HOUR_MS))
    await read()
    clock.now = HOUR_MS - 300_001
    assert.equal(((await read()) as Credentials).accessKeyId, 'one')
    clock.now += 1
    const meanwhile = read()
    assert.ok(!(meanwhile instanceof Promise))
    assert.equal(meanwhile.accessKeyId, 'one')
    await new Promise(setImmediate)
    assert.equal((await read()).accessKeyId, 'two')
    assert.deepEqual(asked, [false, true])
  })

  it('that have expired are renewed before use, and kept if there are no others', async () => {
    const { answers, clock, read } = setUp()
    answers.push(of('one', HOUR_MS), fails, of('two', 3 * HOUR_MS))
    await read()
    clock.now = HOUR_MS
    assert.equal((await read()).accessKeyId, 'one')
    clock.now += 9_999
    assert.equal((await read()).accessKeyId, 'one') // not asked again so soon
    clock.now += 1
    assert.equal((await read()).accessKeyId, 'two')
  })

  it('that cannot be obtained are an error, and are requested again by the next call', async () => {
    const { answers, read } = setUp()
    answers.push(fails, of('one'))
    await assert.rejects(async () => read(), /no provider/)
    assert.equal((await read()).accessKeyId, 'one')
  })

  it("are those of the SDK's own chain", async () => {
    const read = providerCredentials(() => 0)
    useTestCredentials()
    assert.equal((await read()).accessKeyId, 'AKIDEXAMPLE')
  })
})
