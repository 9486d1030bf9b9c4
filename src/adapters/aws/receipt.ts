import type { Receipt } from '../../core/records/receipt.ts'

/**
 * Reads a carrier event: the message of an SNS notification of a configuration set, or an EventBridge event with the
 * same fields in `detail`. It is lenient: only a message ID and a type are required, and unknown types are kept.
 * Undefined if it is not an event about a message.
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
  const known = prices.map(numberOf).filter(Number.isFinite)
  return known.length === 0 ? undefined : Number(known.reduce((total, price) => total + price, 0).toFixed(5))
}

/** A number, or a text of digits; NaN for anything else, including blank texts. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const TEXT_MAX = 500
const TIME_MAX = 8.64e15 // the last moment that a Date can hold
