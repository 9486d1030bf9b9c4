import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type HookExchange, type Verdict, verdict } from './verdict.ts'

const LIMIT_MS = 3000
const accepted = { status: 'SUCCESSFUL', provider: 'AWS', transactionId: 'm-1', transactionMetadata: 'd-1' }

const refused = {
  errorSummary: 'Not here.',
  errorCauses: [{ errorSummary: 'blocked', reason: 'x', location: 'data.messageProfile.phoneNumber' }],
}
const action = { type: 'com.okta.telephony.action' }
const answered = (answer: unknown, httpStatus = 200): HookExchange => ({
  kind: 'answered',
  httpStatus,
  answer,
})
const command = (first: object): HookExchange => answered({ commands: [first] })
const commandsWith = (value: object) => ({ commands: [{ ...action, value: [value] }] })
const value = (first: object): HookExchange => answered(commandsWith(first))

const ROWS: readonly [name: string, exchange: HookExchange, kind: Verdict['kind'], sentence: RegExp][] = [
  [
    'SUCCESSFUL',
    value(accepted),
    'delivered-by-hook',
    /^Okta accepts: the hook delivered the code by AWS, transaction m-1\.$/,
  ],
  ['SUCCESSFUL alone', value({ status: 'SUCCESSFUL' }), 'delivered-by-hook', /without a transaction ID/],
  ['PENDING', value({ ...accepted, status: 'PENDING' }), 'pending', /does not document/],
  ['FAILED', value({ status: 'FAILED' }), 'okta-sends-itself', /the hook answered FAILED\.$/],
  [
    'status OK',
    value({ status: 'OK' }),
    'okta-sends-itself',
    /`status` is 'OK', and Okta allows only SUCCESSFUL, PENDING and FAILED\.$/,
  ],
  ['status in lower case', value({ status: 'successful' }), 'okta-sends-itself', /'successful'/],
  ['no status', value({}), 'okta-sends-itself', /`status` is missing/],
  [
    'metadata as an object',
    value({ ...accepted, transactionMetadata: {} }),
    'okta-sends-itself',
    /`transactionMetadata` is not a text/,
  ],
  [
    'a transaction ID as a number',
    value({ ...accepted, transactionId: 7 }),
    'okta-sends-itself',
    /`transactionId`/,
  ],
  [
    'another type of command',
    command({ type: 'com.okta.action', value: [accepted] }),
    'okta-sends-itself',
    /type/,
  ],
  ['a value that is not a list', command({ ...action, value: accepted }), 'okta-sends-itself', /not a list/],
  [
    'an empty list of values',
    command({ ...action, value: [] }),
    'okta-sends-itself',
    /not a list with a value/,
  ],
  [
    'a value that is a string',
    command({ ...action, value: ['SUCCESSFUL'] }),
    'okta-sends-itself',
    /not an object/,
  ],
  [
    'commands that are not a list',
    answered({ commands: {} }),
    'okta-sends-itself',
    /`commands` is not a list/,
  ],
  ['an empty list of commands', answered({ commands: [] }), 'okta-sends-itself', /`commands` is not a list/],
  ['a command that is null', answered({ commands: [null] }), 'okta-sends-itself', /command is not an object/],
  ['an empty object', answered({}), 'okta-sends-itself', /neither `commands` nor `error`/],
  ['a list', answered([]), 'okta-sends-itself', /not a JSON object/],
  ['null', answered(null), 'okta-sends-itself', /not a JSON object/],
  ['no JSON', answered(undefined), 'okta-sends-itself', /is not JSON/],
  [
    'a debug context',
    answered({ ...commandsWith(accepted), debugContext: { a: 1 } }),
    'delivered-by-hook',
    /m-1/,
  ],
  [
    'a bad debug context',
    answered({ ...commandsWith(accepted), debugContext: 'a' }),
    'okta-sends-itself',
    /debug/,
  ],
  [
    'an error',
    answered({ error: refused }),
    'okta-sends-itself',
    /^Okta would now send with its own provider, because the answer is an error\. The hook refused: "Not here"\.$/,
  ],
  [
    'an error and commands',
    answered({ ...commandsWith(accepted), error: refused }),
    'okta-sends-itself',
    /refused/,
  ],
  ['an error as a string', answered({ error: 'no' }), 'okta-sends-itself', /`error` is not an object/],
  ['an error without a summary', answered({ error: {} }), 'okta-sends-itself', /errorSummary/],
  [
    'causes as a string',
    answered({ error: { ...refused, errorCauses: 'x' } }),
    'okta-sends-itself',
    /errorCauses/,
  ],
  ['an error with status 400', answered({ error: refused }, 400), 'okta-sends-itself', /HTTP status 400/],
  ['status 500', answered(undefined, 500), 'okta-sends-itself', /HTTP status 500/],
  ['status 201', answered(commandsWith(accepted), 201), 'okta-sends-itself', /HTTP status 201/],
  ['a redirect', answered(undefined, 307), 'okta-sends-itself', /redirect \(HTTP status 307\)/],
  ['too large', { kind: 'too-large', httpStatus: 200 }, 'okta-sends-itself', /256 KB/],
  ['no answer in time', { kind: 'timed-out' }, 'okta-sends-itself', /did not answer within 3 seconds\.$/],
  [
    'a token too late',
    { kind: 'token-too-late' },
    'okta-sends-itself',
    /access token took the whole 3 seconds/,
  ],
  [
    'no token',
    { kind: 'no-token', reason: 'the token endpoint answered 503' },
    'okta-sends-itself',
    /answered 503/,
  ],
  [
    'refused',
    { kind: 'unreachable', detail: 'ECONNREFUSED' },
    'okta-sends-itself',
    /reached \(ECONNREFUSED\)/,
  ],
  ['cut', { kind: 'broken', detail: 'ECONNRESET' }, 'okta-sends-itself', /broke .*\(ECONNRESET\)/],
]

for (const [name, exchange, kind, sentence] of ROWS) {
  test(`${name}: ${kind}`, () => {
    const judged = verdict(exchange, LIMIT_MS)
    assert.equal(judged.kind, kind)
    assert.match(judged.sentence, sentence)
    if (kind === 'okta-sends-itself') {
      assert.match(judged.sentence, /^Okta would now send with its own provider, because .*\.$/)
    }
  })
}

test("in an org without Okta's telephony, a code that the hook does not send is not sent", () => {
  const judged = (exchange: HookExchange) => verdict(exchange, LIMIT_MS, false)
  assert.equal(judged(value(accepted)).kind, 'delivered-by-hook')
  for (const exchange of [value({ status: 'FAILED' }), answered({ error: refused }), answered(undefined)]) {
    assert.equal(judged(exchange).kind, 'nothing-sent')
    assert.match(judged(exchange).sentence, /No code is sent/)
  }
})
