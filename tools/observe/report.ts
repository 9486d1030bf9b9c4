import { conclude, type Evidence } from './conclude.ts'
import type { RecordedCall } from './observation.ts'
import type { Field } from './redact-body.ts'
import type { LogEvent } from './redact-log.ts'
import type { Step } from './steps.ts'

/** A completed step, with or without results. */
export type StepSeen = Evidence & { readonly step: Step }

export type Seen = {
  readonly version: string
  /** Milliseconds since 1970; the report has only the day. */
  readonly at: number
  readonly steps: readonly StepSeen[]
  readonly calls: readonly RecordedCall[]
  /** False if the run was ended early. */
  readonly isWhole: boolean
}

/** The report, in Markdown. It contains Hookline's own words, and names and spellings of Okta's. */
export function describeSeen({ version, at, steps, calls, isWhole }: Seen): string {
  const events = steps.flatMap(({ step, log = [] }) => log.map(event => ({ ...event, step: step.name })))
  const parts = [
    '# What Okta does',
    `${INTRODUCTION}${isWhole ? '' : '\n\nThe run was ended early: steps are missing.'}`,
    `Hookline ${version}, ${new Date(at).toISOString().slice(0, 10)}, ${counted(calls.length, 'call')} of the hook.`,
    '## Answers',
    table(
      ['step', 'question', 'answer'],
      steps.map(seen => [seen.step.name, seen.step.question, conclude(seen)]),
    ),
    '## Requests',
    fieldTable(
      'field',
      calls.map(({ step, fields }) => ({ step, fields })),
    ),
    `Headers: ${list(calls.flatMap(({ headers }) => headers))}.`,
    '## Times',
    table(['what', 'from', 'to'], timesIn(calls)),
    '## Access token',
    ...tokenParts(calls),
    '## System Log',
    events.length === 0
      ? 'No event was read.'
      : table(['event', 'result', 'has the ID of the call', 'fields of debugData', 'in'], eventRows(events)),
    ...logNotes(events),
  ]
  return `${parts.join('\n\n')}\n`
}

const INTRODUCTION =
  'This report contains nothing that identifies a person, a phone or an org: no code, number, name, ID, address or token, only names of fields, spellings and times. Read it, then attach it to an issue of Hookline.'

type FieldsOfStep = { readonly step: string; readonly fields: readonly Field[] }

/** If a field differs between steps, or is missing in some, the steps are named. */
function fieldTable(title: string, all: readonly FieldsOfStep[]): string {
  if (all.length === 0) return 'None was observed.'
  const paths = [...new Set(all.flatMap(({ fields }) => fields.map(({ path }) => path)))]
  const rows = paths.map(path => {
    const having = all.filter(({ fields }) => fields.some(field => field.path === path))
    const missing = all.filter(one => !having.includes(one))
    const words = [
      ...new Set(
        having.flatMap(({ fields }) => fields.filter(field => field.path === path).map(({ what }) => what)),
      ),
    ].map(what => ({
      what,
      steps: having.filter(({ fields }) => fields.some(field => field.path === path && field.what === what)),
    }))
    const shown = words.map(({ what, steps }) => (words.length === 1 ? what : `${what} (${stepsOf(steps)})`))
    const count = `${having.length} of ${all.length}`
    return [`\`${path}\``, few(shown), missing.length === 0 ? count : `${count}, not in ${stepsOf(missing)}`]
  })
  return table([title, 'what it is', 'in'], rows)
}

function stepsOf(some: readonly { readonly step: string }[]): string {
  return [...new Set(some.map(({ step }) => step))].join(', ')
}

function timesIn(calls: readonly RecordedCall[]): readonly (readonly string[])[] {
  const row = (what: string, unit: string, values: readonly (number | undefined)[]) => {
    const known = values.filter(value => value !== undefined)
    return known.length === 0
      ? [what, 'unknown', '']
      : [what, `${Math.min(...known)} ${unit}`, `${Math.max(...known)} ${unit}`]
  }
  const of = <T>(read: (call: RecordedCall) => T): readonly T[] => calls.map(read)
  return [
    row(
      '`eventTime` to `otpExpires`',
      's',
      of(call => call.codeLivesSeconds),
    ),
    row(
      "`eventTime` (Okta's clock) to arrival (ours)",
      'ms',
      of(call => call.arrivedAfterMs),
    ),
    row(
      'token: `iat` to `exp`',
      's',
      of(call => call.token?.lifetimeSeconds),
    ),
    row(
      "token: `iat` (Okta's clock) to arrival (ours)",
      's',
      of(call => call.token?.ageSeconds),
    ),
  ]
}

function tokenParts(calls: readonly RecordedCall[]): readonly string[] {
  const tokens = calls.flatMap(({ step, token, hasTokenOfBefore }) =>
    token === undefined ? [] : [{ ...token, step, hasTokenOfBefore }],
  )
  if (tokens.length === 0) return ['The calls had no access token.']
  const again = tokens.filter(({ hasTokenOfBefore }) => hasTokenOfBefore).length
  return [
    fieldTable(
      'header',
      tokens.map(({ step, header: fields }) => ({ step, fields })),
    ),
    fieldTable(
      'claim',
      tokens.map(({ step, claims: fields }) => ({ step, fields })),
    ),
    `${again} of ${counted(tokens.length, 'call')} came with a token that an earlier call had.`,
  ]
}

type EventOfStep = LogEvent & { readonly step: string }

/** Equal events of several steps share one row. */
function eventRows(events: readonly EventOfStep[]): readonly (readonly string[])[] {
  const rows = new Map<string, { readonly cells: readonly string[]; readonly of: EventOfStep[] }>()
  for (const event of events) {
    const { type, result, isOfCall, debugFields } = event
    const cells = [`\`${type}\``, result, isOfCall ? 'yes' : 'no', list(debugFields)]
    const row = rows.get(cells.join('|')) ?? { cells, of: [] }
    row.of.push(event)
    rows.set(cells.join('|'), row)
  }
  return [...rows.values()].map(({ cells, of }) => [...cells, stepsOf(of)])
}

function logNotes(events: readonly EventOfStep[]): readonly string[] {
  const flags = events.flatMap(({ step, failOvers }) => failOvers.map(flag => ({ ...flag, step })))
  const forms = [...new Set(flags.map(({ path, value }) => `\`${path}\`|${value}`))]
  const flagRows = forms.map(form => [
    ...form.split('|'),
    stepsOf(flags.filter(({ path, value }) => `\`${path}\`|${value}` === form)),
  ])
  const copies = events.flatMap(({ type, copies: paths }) => paths.map(path => `\`${path}\` of \`${type}\``))
  return [
    flags.length === 0
      ? 'No event says whether Okta took over.'
      : table(['fail-over', 'value', 'in'], flagRows),
    copies.length === 0
      ? "The `debugContext` of the hook's answer was not found in an event."
      : `The \`debugContext\` of the hook's answer was found in ${list(copies)}.`,
  ]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function list(words: readonly string[]): string {
  const different = [...new Set(words)].sort()
  return different.length === 0 ? 'none' : different.join(', ')
}

function few(words: readonly string[]): string {
  const rest = words.length - WORDS_MAX
  return `${words.slice(0, WORDS_MAX).join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

const WORDS_MAX = 8
