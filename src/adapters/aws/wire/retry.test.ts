import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { describeClosedList } from '../../../../test/fixtures/closed-list.ts'
import { ServiceError } from './answer.ts'
import { NoAnswer } from './exchange.ts'
import { retryDelayMs, THROTTLING, TRANSIENT, TRANSIENT_CODES, TRANSIENT_STATUSES } from './retry.ts'

const file = '@smithy/core/dist-es/submodules/retry/service-error-classification/constants.js'
const sdk = (await import(String(new URL(`../../../../node_modules/${file}`, import.meta.url)))) as {
  readonly THROTTLING_ERROR_CODES: readonly string[]
  readonly TRANSIENT_ERROR_CODES: readonly string[]
  readonly TRANSIENT_ERROR_STATUS_CODES: readonly number[]
  readonly NODEJS_TIMEOUT_ERROR_CODES: readonly string[]
  readonly NODEJS_NETWORK_ERROR_CODES: readonly string[]
}

for (const [name, values, ours] of [
  ['errors of throttling', sdk.THROTTLING_ERROR_CODES, THROTTLING],
  ['transient errors', sdk.TRANSIENT_ERROR_CODES, TRANSIENT],
  ['transient statuses', sdk.TRANSIENT_ERROR_STATUS_CODES.map(String), TRANSIENT_STATUSES.map(String)],
  [
    'transient codes of the system',
    [...sdk.NODEJS_TIMEOUT_ERROR_CODES, ...sdk.NODEJS_NETWORK_ERROR_CODES],
    TRANSIENT_CODES,
  ],
] as const) {
  describeClosedList(name, { values, isDecided: value => ours.includes(value), impossible: {} })
}

function service(name: string, status: number, message = ''): ServiceError {
  return new ServiceError(name, { status, headers: {}, body: Buffer.alloc(0) }, { message })
}
function noAnswer(code: string): NoAnswer {
  return new NoAnswer(Object.assign(new Error('broken'), { code }), false)
}

describe('a call is tried again', () => {
  for (const [what, error, mostMs] of [
    ['after throttling by name', service('ThrottlingException', 400), 250],
    ['after throttling by status', service('Unknown', 429), 250],
    ['after a fault of the service', service('InternalServerError', 500), 50],
    ['after a fault of something between', service('SyntaxError', 503), 50],
    ['after an answer that did not come whole', service('ChecksumMismatch', 200), 50],
    [
      'after a signature that had expired',
      service('InvalidSignatureException', 400, 'Signature expired: …'),
      50,
    ],
    ['after a connection that was reset', noAnswer('ECONNRESET'), 50],
    ['after a name that was not found', noAnswer('ENOTFOUND'), 50],
    ['after a connection that was not made', new NoAnswer(named('ConnectTimeout'), true), 50],
    ['after an answer that did not come', new NoAnswer(named('TimeoutError'), false), 50],
  ] as const) {
    it(`${what}, within ${mostMs} ms`, () => {
      assert.equal(retryDelayMs(error, 1), mostMs)
      assert.equal(retryDelayMs(error, 0), 0)
    })
  }
})

describe('a call is not tried again', () => {
  for (const [what, error] of [
    ['after a refusal', service('ConditionalCheckFailedException', 400)],
    ['after a validation', service('ValidationException', 400)],
    ['after a good answer that is no JSON', service('SyntaxError', 200)],
    ['after a signature that is wrong', service('InvalidSignatureException', 400, 'does not match')],
    ['after it was given up', new NoAnswer(named('AbortError'), false)],
    ['after an answer that was too large', new NoAnswer(named('AnswerTooLarge'), false)],
    ['without credentials', new NoAnswer(new Error('none'), true)],
    ['after an error of our own', new TypeError('x')],
  ] as const) {
    it(what, () => assert.equal(retryDelayMs(error, 1), undefined))
  }
})

function named(name: string): Error {
  return Object.assign(new Error(name), { name })
}
