import { ServiceError } from './answer.ts'
import { NoAnswer } from './exchange.ts'

/**
 * Milliseconds to wait before a call that ended with this error is tried again; undefined where that would not help. By
 * the SDK's classes, with full jitter, so that functions that were refused together do not come back together.
 * `random`: from 0 to 1.
 */
export function retryDelayMs(error: unknown, random: number): number | undefined {
  if (isThrottling(error)) return random * AFTER_THROTTLING_MAX_MS
  return isTransient(error) ? random * AFTER_FAULT_MAX_MS : undefined
}

function isThrottling(error: unknown): boolean {
  return error instanceof ServiceError && (error.status === 429 || THROTTLING.includes(error.name))
}

function isTransient(error: unknown): boolean {
  if (error instanceof NoAnswer) return TRANSIENT.includes(error.name) || TRANSIENT_CODES.includes(error.code)
  if (!(error instanceof ServiceError)) return false
  const { name, status, message } = error
  return (
    TRANSIENT.includes(name) ||
    TRANSIENT_STATUSES.includes(status) ||
    (name === 'InvalidSignatureException' && message.includes('Signature expired'))
  )
}

/** @internal */
export const THROTTLING: readonly string[] = [
  ...['BandwidthLimitExceeded', 'EC2ThrottledException', 'LimitExceededException', 'PriorRequestNotComplete'],
  ...['ProvisionedThroughputExceededException', 'RequestLimitExceeded', 'RequestThrottled', 'SlowDown'],
  ...['RequestThrottledException', 'ThrottledException', 'Throttling', 'ThrottlingException'],
  ...['TooManyRequestsException', 'TransactionInProgressException'],
]
/** The first three are the SDK's; an answer that did not come as DynamoDB sent it may come whole. @internal */
export const TRANSIENT: readonly string[] = [
  ...['TimeoutError', 'RequestTimeout', 'RequestTimeoutException'],
  ...['ConnectTimeout', 'ChecksumMismatch'],
]
/** @internal */
export const TRANSIENT_STATUSES: readonly number[] = [500, 502, 503, 504]
/** @internal */
export const TRANSIENT_CODES: readonly (string | undefined)[] = [
  ...['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT'],
  ...['EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
]

const AFTER_FAULT_MAX_MS = 50
const AFTER_THROTTLING_MAX_MS = 250 // the SDK's 1,000 are longer than a request of the hook has
