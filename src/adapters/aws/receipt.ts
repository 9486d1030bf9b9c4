import type { Receipt } from '../../core/records/receipt.ts'

/**
 * Reads a carrier event: the message of an SNS notification of a configuration set, or an EventBridge event
 * with the same fields in `detail`. Lenient: only a message ID and a type are needed, unknown types are kept.
 * Undefined when it is no event about a message.
 */
export function readReceipt(event: unknown, receivedAt: number): Receipt | undefined {
  if (!isObject(event)) return undefined
  const fields = isObject(event.detail) ? event.detail : event
  const messageId = text(fields.messageId)
  const type = text(fields.eventType) ?? text(fields.messageStatus)
  if (messageId === undefined || type === undefined) return undefined
  return {
    messageId,
    deliveryId: isObject(fields.context) ? text(fields.context.deliveryId) : undefined,
    type,
    isFinal: flag(fields.isFinal),
    at: time(fields.eventTimestamp) ?? time(event.time) ?? receivedAt,
    description: text(fields.messageStatusDescription),
    carrierName: text(fields.carrierName),
    price: sum(fields.totalMessagePrice, fields.totalCarrierFee),
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, TEXT_MAX) : undefined
}

function flag(value: unknown): boolean | undefined {
  return value === true || value === 'true' ? true : value === false || value === 'false' ? false : undefined
}

/** Milliseconds since 1970, as a number or in digits, or an ISO 8601 time. */
function time(value: unknown): number | undefined {
  const milliseconds = typeof value === 'string' && !/^\d+$/.test(value) ? Date.parse(value) : numberOf(value)
  return Math.abs(milliseconds) <= TIME_MAX ? milliseconds : undefined
}

function sum(...prices: readonly unknown[]): number | undefined {
  const given = prices.map(numberOf).filter(Number.isFinite)
  return given.length === 0 ? undefined : Number(given.reduce((total, price) => total + price, 0).toFixed(5))
}

/** A number, or one in digits; NaN for anything else, blank texts included. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const TEXT_MAX = 500
const TIME_MAX = 8.64e15 // the last moment that a Date can hold
