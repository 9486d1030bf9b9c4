import { purposes } from '../../core/values/request.ts'
import type { TrafficEvent } from './replay.ts'

export type TrafficProblem = { readonly problem: string }

/**
 * The events of a traffic file, in its order; ends with a problem, if there is one, that names the line. A byte order
 * mark, CRLF, blank lines, `null` for what is missing, and numbers without their plus or with separators are allowed; a line
 * has at most 10,000 characters. IDs of
 * requests are unique in the file.
 */
export async function* readTraffic(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<TrafficEvent | TrafficProblem> {
  const requests = new Set<string>()
  let line = 0
  let last = 0
  for await (const text of linesOf(chunks)) {
    line += 1
    if (text.trim() === '') continue
    const event = readTrafficLine(text)
    const problem = 'problem' in event ? event.problem : problemOfOrder(event)
    if (problem !== undefined) {
      yield { problem: `line ${line}: ${problem}` }
      return
    }
    yield event
  }

  function problemOfOrder(event: TrafficEvent | TrafficProblem): string | undefined {
    if ('problem' in event) return event.problem
    const { at, id } = event
    if (at < last) return `"at" is ${at}, before that of an earlier line (${last}). Sort the lines by "at"`
    last = at
    if (event.event !== 'request') return undefined
    if (requests.has(id))
      return `"id" is ${shown(id)}, that of an earlier request. Each request needs its own`
    requests.add(id)
    return undefined
  }
}

/** Lines without their ends. One that is too long is given up as soon as that is known, however long it is. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder() // it drops a byte order mark
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
    if (rest.length > LINE_MAX) break
  }
  if (rest !== '') yield rest
}

function readTrafficLine(line: string): TrafficEvent | TrafficProblem {
  if (line.length > LINE_MAX) return { problem: `it has more than ${LINE_MAX} characters` }
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return { problem: `it is not JSON: ${line.trim().slice(0, 60)}` }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { problem: 'it is not a JSON object' }
  const fields = withoutNulls(value)
  const problem = problemOf(fields)
  if (problem !== undefined) return { problem }
  return fields.event === 'request' ? requestOf(fields) : (fields as TrafficEvent)
}

/** Many programs write `null` for what is missing. */
function withoutNulls(value: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null))
}

function requestOf(fields: Readonly<Record<string, unknown>>): TrafficEvent {
  const { event, at, id, org, user, login, number, ip, purpose, channel, onlyIf } = fields
  return {
    ...{ event, at, id, purpose, channel, onlyIf },
    number: String(number)
      .replace(SEPARATORS, '')
      .replace(/^(?=\d)/, '+'),
    org: org ?? '',
    user: user ?? login,
    ip,
  } as TrafficEvent
}

function problemOf(fields: Readonly<Record<string, unknown>>): string | undefined {
  const { event, at, id } = fields
  if (typeof event !== 'string' || !EVENTS.includes(event))
    return `"event" is ${shown(event)}; allowed are ${EVENTS.join(', ')}`
  if (!isTime(at)) return `"at" is ${shown(at)}; expected milliseconds since 1970`
  if (!isText(id)) return `"id" is ${shown(id)}; expected a text`
  if (event === 'answered')
    return isTime(fields.answeredAt)
      ? undefined
      : `"answeredAt" is ${shown(fields.answeredAt)}; expected milliseconds since 1970`
  if (event !== 'request') return undefined
  const { number, purpose, channel, ip, org, user, login, onlyIf } = fields
  if (!isText(number)) return `"number" is ${shown(number)}; expected E.164, such as +14155550123`
  if (typeof purpose !== 'string' || !PURPOSES.includes(purpose))
    return `"purpose" is ${shown(purpose)}; allowed are ${PURPOSES.join(', ')}`
  if (channel !== 'sms' && channel !== 'voice')
    return `"channel" is ${shown(channel)}; allowed are sms, voice`
  if (!isText(user ?? login)) return `"user" is ${shown(user)}; expected a text`
  if (org !== undefined && typeof org !== 'string') return `"org" is ${shown(org)}; expected a text`
  if (ip !== undefined && typeof ip !== 'string')
    return `"ip" is ${shown(ip)}; expected an address, or nothing`
  return onlyIf === undefined ? undefined : problemOfCondition(onlyIf)
}

function problemOfCondition(onlyIf: unknown): string | undefined {
  const { id, was } = (onlyIf ?? {}) as { readonly id?: unknown; readonly was?: unknown }
  return isText(id) && (was === 'held' || was === 'sent')
    ? undefined
    : `"onlyIf" is ${shown(onlyIf)}; expected {"id": "…", "was": "held"} or "sent"`
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
const shown = (value: unknown): string =>
  value === undefined ? 'missing' : JSON.stringify(value).slice(0, 60)

const EVENTS = ['request', 'answered', 'delivered', 'undeliverable']
const SEPARATORS = /[\s().-]/g
const PURPOSES: readonly string[] = purposes
const LINE_MAX = 10_000
