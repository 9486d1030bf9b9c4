import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Observing, type Person, SIGN_INS, startObserving } from '../support/observing.ts'

/** The command in this process over Okta's SDK; the server on a real port, Okta and AWS stand-ins on the wire. */
describe('hookline observe', { timeout: 120_000 }, () => {
  test('a sign-in a step: the report answers what was open, and holds nothing of anybody', async () => {
    await using observing = await startObserving()
    await observing.setting.run(`activate --url ${observing.url}`)
    const before = await observing.messageCount()
    const { printed, problem, report = '' } = await observing.observe(testUser(observing))
    console.log(printed, problem, report)
    assert.equal((await observing.messageCount()) - before, 3)
  })
})

function testUser({ setting }: Observing, changed: Partial<Person> = {}): Person {
  const codes = {
    text: '1',
    call: '1',
    reset: '1',
    pending: '0',
    failed: '1',
    error: '1',
    late: '1',
    preview: '0',
  }
  return {
    signIn: async step => {
      await setting.okta.call(SIGN_INS[step])
      return ''
    },
    codes: step => codes[step],
    ...changed,
  }
}
