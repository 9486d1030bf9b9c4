import { nameOfTemplate, type TemplateName } from '../../core/policy/policy-store.ts'
import type { Key } from './table.ts'

/** The layout of the table: docs/decisions/0007. */
export const keys = {
  number: (digest: string): Key => ({ pk: `number#${digest}`, sk: 'sent' }),
  user: (digest: string): Key => ({ pk: `user#${digest}`, sk: 'sent' }),
  delivery: (id: string): Key => ({ pk: `delivery#${id}`, sk: 'delivery' }),
  receiptsOfDelivery: (id: string): Key => ({ pk: `delivery#${id}`, sk: 'receipts' }),
  receiptsOfMessage: (messageId: string): Key => ({ pk: `message#${messageId}`, sk: 'receipts' }),
  probe: { pk: 'probe', sk: 'probe' } as const,
  policy: { pk: 'policy', sk: 'head' } as const,
  policyPiece: (contentId: string, index: number): Key => ({
    pk: `policy#${contentId}`,
    sk: String(index + 1).padStart(4, '0'),
  }),
  templateVersion: (of: TemplateName, version: number): Key => ({
    pk: `template#${nameOfTemplate(of)}`,
    sk: String(version).padStart(10, '0'),
  }),
}

/** Moment and ID of a delivery as one text that sorts by time: in lists, in indexes, and as a position. */
export function entryOf({ openedAt, id }: { readonly openedAt: number; readonly id: string }): string {
  return `${digitsOf(openedAt)}#${id}`
}

export function readEntry(entry: string): { readonly openedAt: number; readonly id: string } {
  return { openedAt: Number(entry.slice(0, DIGITS)), id: entry.slice(DIGITS + 1) }
}

/** Sorts after every entry of this moment or an earlier one, and before every later one: `~` comes after `#`. */
export function endOf(time: number): string {
  return `${digitsOf(time)}~`
}

export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

/** For the expiry attribute: the first whole second at which the time is over. */
export function secondsOf(time: number): string {
  return String(Math.ceil(time / 1_000))
}

function digitsOf(time: number): string {
  return String(Math.max(0, time)).padStart(DIGITS, '0')
}

const DIGITS = 13 // milliseconds since 1970, until the year 2286
export const DAY_MS = 86_400_000
