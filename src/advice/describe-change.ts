import type { TemplateText } from '../core/message/template.ts'
import type { Difference, LoggedThing } from '../core/policy/change-log.ts'
import type { Override } from '../core/policy/fraud-policy.ts'
import type { Limit } from '../core/policy/limits.ts'
import type { Candidate } from '../core/policy/route.ts'
import { minuteOf } from '../core/values/printable.ts'
import { diffWords, type Piece } from './word-diff.ts'

/** A difference of the log of changes as one line, such as `GB/sms: +447700900100 -> pool-1, then MyCompany`. */
export function describeDifference(what: LoggedThing, difference: Difference): string {
  return DESCRIBE[what](difference)
}

/** The stores write the values, so they have the types of the policy. */
const DESCRIBE: Readonly<Record<LoggedThing, (difference: Difference) => string>> = {
  templates: ({ name, before, after }) =>
    `${name}: ${describeTemplate(name, before as LoggedTemplate, after as LoggedTemplate)}`,
  routes: ({ name, before, after }) => fromTo(name, before, after, describeCandidates),
  limits: ({ name, before, after }) => fromTo(name, before, after, describeLimit),
  fraud: ({ name, before, after }) =>
    fromTo(name.replace(/[\w-]{20,}/g, shortDigest), before, after, describeFraud),
  routing: ({ name, before, after }) => fromTo(name, before, after, describeRouting),
  optouts: ({ name, before }) => {
    const { list = '?', region = '?' } = (before ?? {}) as Readonly<Record<string, string>>
    return `number ${shortDigest(name)}: removed from ${list} (${region})`
  },
  erasures: ({ name, before }) => `${name}: ${counted(before as Readonly<Record<string, number>>)}`,
  lookups: ({ name, after }) => `${name} ${(after as readonly string[]).map(shortDigest).join(', ')}`,
}

function counted(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ')
}

/** The beginning of a digest: enough to recognise the same person in two entries. */
function shortDigest(digest: string): string {
  return digest.length > DIGEST_SHOWN ? `${digest.slice(0, DIGEST_SHOWN)}…` : digest
}

/** A changed word as `[-removed-]` or `[+added+]`. */
export function markPiece({ kind, text }: Piece): string {
  return kind === 'same' ? text : kind === 'removed' ? `[-${text}-]` : `[+${text}+]`
}

type LoggedTemplate = Omit<TemplateText, 'channel' | 'locale' | 'purpose'> | undefined

function describeTemplate(name: string, before: LoggedTemplate, after: LoggedTemplate): string {
  if (after === undefined) return 'removed'
  if (before === undefined) return `added, version ${after.version}`
  const compare = (old: string, now: string): string =>
    aroundChanges(diffWords(old, now, name.split('/')[1] ?? 'en'))
  const changes = [
    before.text !== after.text && compare(before.text, after.text),
    before.short !== after.short && `short form: ${compare(before.short ?? '', after.short ?? '')}`,
    before.voiceId !== after.voiceId && `voice: ${arrow(before.voiceId, after.voiceId)}`,
    before.indiaTemplateId !== after.indiaTemplateId &&
      `registration in India: ${arrow(before.indiaTemplateId, after.indiaTemplateId)}`,
  ].filter(change => change !== false)
  const versions = `version ${before.version} -> ${after.version}`
  return changes.length === 0 ? `${versions}, the same text` : `${versions}, ${changes.join('; ')}`
}

/** The changes with a few characters around them. */
function aroundChanges(pieces: readonly Piece[]): string {
  return pieces
    .map((piece, index) => {
      const { kind, text } = piece
      if (kind !== 'same') return markPiece({ kind, text: shorten(text) })
      if (text.length <= 2 * CONTEXT) return text
      const [start, end] = [text.slice(0, CONTEXT), text.slice(-CONTEXT)]
      return `${index === 0 ? '' : start}…${index === pieces.length - 1 ? '' : end}`
    })
    .join('')
}

function shorten(text: string): string {
  return text.length > CHANGED_SHOWN ? `${text.slice(0, CHANGED_SHOWN - 1)}…` : text
}

function describeCandidates(value: unknown): string {
  return (value as readonly Candidate[])
    .map(({ identity, ...parameters }) => {
      const named = Object.entries(parameters).map(([name, parameter]) => `${name} ${parameter}`)
      return named.length === 0 ? identity : `${identity} (${named.join(', ')})`
    })
    .join(', then ')
}

function describeLimit(value: unknown): string {
  return typeof value === 'string' ? value : String((value as Limit).max)
}

function describeFraud(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'object' && value !== null && 'budgets' in value) return JSON.stringify(value.budgets)
  const override = value as Override
  const count = override.what === 'expect' ? ` ${override.count}` : ''
  return `${override.what}${count} until ${minuteOf(override.until)} UTC`
}

function describeRouting(value: unknown): string {
  if (value === true) return 'pinned'
  if (typeof value === 'string') return value
  const shares = Object.entries(value as Readonly<Record<string, number>>)
  return shares.map(([identity, tenths]) => `${identity} ${tenths * 10}%`).join(', ')
}

function fromTo(name: string, before: unknown, after: unknown, describe: (value: unknown) => string): string {
  const [old, now] = [before, after].map(value => (value === undefined ? undefined : describe(value)))
  return `${name}: ${arrow(old, now)}`
}

function arrow(before: string | undefined, after: string | undefined): string {
  return `${before || 'none'} -> ${after || 'none'}`
}

const DIGEST_SHOWN = 8
const CONTEXT = 12
const CHANGED_SHOWN = 40
