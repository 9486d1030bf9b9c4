import { nameOfTemplate, type TemplateName } from '../../core/policy/policy-store.ts'
import type { Key } from './table.ts'

/** The layout of the table: docs/decisions/0007. */
export const keys = {
  number: (digest: string): Key => ({ pk: `number#${digest}`, sk: 'sent' }),
  user: (digest: string): Key => ({ pk: `user#${digest}`, sk: 'sent' }),
  delivery: (id: string): Key => ({ pk: `delivery#${id}`, sk: 'delivery' }),
  receiptsOfDelivery: (id: string): Key => ({ pk: `delivery#${id}`, sk: 'receipts' }),
  receiptsOfMessage: (messageId: string): Key => ({ pk: `message#${messageId}`, sk: 'receipts' }),
  /** A record of the fraud rule. Each has a partition of its own: an org's may be written hundreds of times a second. */
  credit: (org: string, record: string): Key => ({ pk: `credit#${org}#${record}`, sk: 'credit' }),
  /** The figures of an org in a minute are with those of its hour, and those in an hour with those of its day. */
  figures: (span: Span, time: number, org: string): Key => ({
    pk: figuresPartition(span, time),
    sk: `${timeOf(time)}#${org}`,
  }),
  /** Until when deliveries are counted. */
  counted: { pk: 'figures', sk: 'counted' } as const,
  /** The samples of a route (`route-samples.ts`): all routes are read at once. */
  routeSamples: (route: string): Key => ({ pk: 'samples', sk: route }),
  /** Until when deliveries without an end have items of their own. */
  unsettled: { pk: 'unsettled', sk: 'unsettled' } as const,
  probe: { pk: 'probe', sk: 'probe' } as const,
  policy: { pk: 'policy', sk: 'head' } as const,
  policyPiece: (contentId: string, index: number): Key => ({
    pk: `policy#${contentId}`,
    sk: String(index + 1).padStart(4, '0'),
  }),
  policyChange: (version: number, contentId: string, piece: number): Key => ({
    pk: 'changes',
    sk: `${String(version).padStart(10, '0')}#${contentId}#${String(piece + 1).padStart(4, '0')}`,
  }),
  loggedEvent: (at: number, id: string): Key => ({ pk: 'changes#events', sk: `${timeOf(at)}#${id}` }),
  templateVersion: (of: TemplateName, version: number): Key => ({
    pk: `template#${nameOfTemplate(of)}`,
    sk: String(version).padStart(10, '0'),
  }),
}

/**
 * Moment and ID of a delivery as one text that sorts by time: in lists, in indexes, and as a position. Each byte is paid
 * with every code, so the time is in base 36, and a UUID in base64.
 */
export function entryOf({ openedAt, id }: { readonly openedAt: number; readonly id: string }): string {
  return `${timeOf(openedAt)}${UUID.test(id) ? Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url') : `=${id}`}`
}

export function readEntry(entry: string): { readonly openedAt: number; readonly id: string } {
  const id = entry.slice(DIGITS)
  return { openedAt: momentOf(entry), id: id.startsWith('=') ? id.slice(1) : uuidOf(id) }
}

/** The moment of an entry: sorts as entries do. */
export function timeIn(entry: string): string {
  return entry.slice(0, DIGITS)
}

/** The moment of an entry, or of what `timeIn` made of it. */
export function momentOf(entry: string): number {
  return parseInt(timeIn(entry), 36)
}

/** Sorts after every entry of this moment or an earlier one, and before every later one: `~` comes after everything in IDs. */
export function endOf(time: number): string {
  return `${timeOf(time)}~`
}

export type Span = 'minute' | 'hour'

export function figuresPartition(span: Span, time: number): string {
  return `figures#${span === 'hour' ? dayOf(time) : new Date(time).toISOString().slice(0, 13)}`
}

export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

/** For the expiry attribute: the time in whole seconds, rounded up. */
export function secondsOf(time: number): string {
  return String(Math.ceil(time / 1_000))
}

/** How entries of this moment begin: sorts before each of them. */
export function timeOf(time: number): string {
  return Math.max(0, time).toString(36).padStart(DIGITS, '0')
}

function uuidOf(packed: string): string {
  const hex = Buffer.from(packed, 'base64url').toString('hex')
  return [0, 8, 12, 16, 20].map((from, index, starts) => hex.slice(from, starts[index + 1])).join('-')
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const DIGITS = 9 // milliseconds since 1970, until the year 5188
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000
