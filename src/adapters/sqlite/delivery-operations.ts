import type { DatabaseSync } from 'node:sqlite'
import type { Records } from '../../core/policy/credit/records.ts'
import { readRecords } from '../../core/policy/credit/records-by-key.ts'
import type { RequestedCode } from '../../core/policy/credit/verdict.ts'
import type { SendHistory } from '../../core/policy/limits.ts'
import {
  type Answer,
  answeredAt,
  answeredBy,
  CLOCK_AHEAD_MS,
  CODE_VALID_MAX_MS,
  findAnswered,
  findReplaced,
  type Joined,
  REPLACED_WITHIN_MS,
  type SentByOkta,
} from '../../core/records/answer.ts'
import {
  admitIn,
  bookAnswered,
  bookDelivered,
  bookNotSent,
  historyMs,
  judged,
} from '../../core/records/credited-code.ts'
import {
  type Delivery,
  type Digests,
  type FollowedDelivery,
  mayHaveBeenSent,
  type OwnEnd,
} from '../../core/records/delivery.ts'
import type {
  Admission,
  DeliveryQuery,
  ListedDelivery,
  Opening,
  StatsQuery,
} from '../../core/records/delivery-store.ts'
import { foldReceipts, type Progress, type Receipt } from '../../core/records/receipt.ts'
import { type AlikeDelivery, countAlike, type Stats } from '../../core/records/stats.ts'
import type { Retention } from '../../core/records/store.ts'
import { allOrNone } from './all-or-none.ts'
import { fraudRecords } from './fraud-records.ts'

/** Deliveries that have not expired, with their receipts and answers. */
export function deliveryOperations(
  database: DatabaseSync,
  { deliveriesMs, receiptsMs, strayReceiptsMs = receiptsMs }: Retention,
) {
  const records = fraudRecords(database)
  const findSame = database.prepare(
    `SELECT * FROM deliveries WHERE duplicate_key = ? AND opened_at > ? AND ${MAY_HAVE_BEEN_SENT}
     ORDER BY state = 'accepted' DESC LIMIT 1`,
  )
  const numberHistory = database.prepare(
    `SELECT opened_at, channel FROM deliveries WHERE number_digest = ? AND opened_at > ? AND ${MAY_HAVE_BEEN_SENT} ${NEWEST}`,
  )
  const userHistory = database.prepare(
    `SELECT opened_at FROM deliveries WHERE user_digest = ? AND opened_at > ? AND ${MAY_HAVE_BEEN_SENT} ${NEWEST}`,
  )
  const write = database.prepare(
    `INSERT INTO deliveries (id, opened_at, caller, event_id, okta_request_id, duplicate_key, number_digest, user_digest,
       login_digest, country, last_digits, channel, purpose, template_used, parts, expires_at, credit, state, message_id, end)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, message_id = excluded.message_id, end = excluded.end`,
  )
  const writeEnd = database.prepare('UPDATE deliveries SET state = ?, message_id = ?, end = ? WHERE id = ?')
  const find = database.prepare('SELECT * FROM deliveries WHERE id = ? AND opened_at > ?')
  // Numbered parameters (`?1`) do not accept positional values before Node 22.14. Named ones work in every version.
  const findByReceipt = database.prepare(
    `SELECT * FROM deliveries WHERE id = :id OR message_id = :messageId
       OR id IN (SELECT delivery_id FROM receipts WHERE message_id = :messageId AND delivery_id IS NOT NULL)
     ORDER BY id = :id DESC LIMIT 1`,
  )
  const list = database.prepare(
    `SELECT * FROM (
       SELECT * FROM deliveries WHERE sequence > :after
         AND (:numbers IS NULL OR number_digest IN (SELECT value FROM json_each(:numbers))) AND (:eventId IS NULL OR event_id = :eventId)
         AND (:users IS NULL OR user_digest IN (SELECT value FROM json_each(:users)) OR login_digest IN (SELECT value FROM json_each(:users)))
         AND opened_at > :since
       ORDER BY sequence DESC LIMIT :limit
     ) ORDER BY sequence`,
  )
  const addReceipt = database.prepare('INSERT OR IGNORE INTO receipts VALUES (?, ?, ?, ?)')
  const receiptsOf = database.prepare(
    `SELECT receipt FROM receipts WHERE received_at > :since
       AND (message_id = :messageId OR message_id IN (SELECT message_id FROM receipts WHERE delivery_id = :id))`,
  )
  const ofUsers = database.prepare(
    `SELECT * FROM deliveries WHERE user_digest IN (SELECT value FROM json_each(:users))
       AND opened_at > :since AND opened_at <= :at`,
  )
  const ofPeriod = database.prepare(
    `SELECT ${ALIKE} AS alike, answered_at - opened_at AS afterMs FROM deliveries
     WHERE opened_at >= :from AND opened_at < :to AND (:org IS NULL OR caller = :org)`,
  )
  const setAnswered = database.prepare(
    'UPDATE deliveries SET answered_at = :at WHERE id = :id AND (answered_at IS NULL OR answered_at > :at)',
  )
  const setProgress = database.prepare('UPDATE deliveries SET progress = ? WHERE id = ?')
  const forgetDeliveries = database.prepare(
    'DELETE FROM deliveries WHERE sequence IN (SELECT sequence FROM deliveries WHERE opened_at <= ? LIMIT ?)',
  )
  const forgetReceipts = database.prepare(
    'DELETE FROM receipts WHERE rowid IN (SELECT rowid FROM receipts WHERE received_at <= ? LIMIT ?)',
  )
  const forgetStrays = database.prepare(
    `DELETE FROM receipts WHERE message_id = ? AND received_at <= ? AND NOT ${IS_KNOWN}`,
  )

  const writeDelivery = (d: Delivery): void => {
    const messageId = d.end.state === 'accepted' ? d.end.messageId : null
    write.run(
      ...[d.id, d.openedAt, d.caller, d.eventId ?? null, d.oktaRequestId ?? null, d.duplicateKey ?? null],
      ...[
        d.numberDigest,
        d.userDigest ?? null,
        d.loginDigest ?? null,
        d.country ?? null,
        d.lastDigits ?? null,
        d.channel,
        d.purpose,
      ],
      ...[
        d.templateUsed === undefined ? null : JSON.stringify(d.templateUsed),
        d.parts ?? null,
        d.expiresAt ?? null,
        d.credit === undefined ? null : JSON.stringify(d.credit),
      ],
      ...[d.end.state, messageId, JSON.stringify(d.end)],
    )
  }
  /** Of a stored delivery; `before`: what its receipts showed so far. */
  const mergeReceipts = (delivery: Delivery, before: Progress | undefined, now: number): void => {
    const { id, end } = delivery
    const messageId = end.state === 'accepted' ? end.messageId : null
    const receipts = receiptsOf
      .all({ id, messageId, since: now - receiptsMs })
      .map(row => JSON.parse((row as Row).receipt as string) as Receipt)
    const progress = foldReceipts(receipts)
    if (progress === undefined) return
    setProgress.run(JSON.stringify(progress), id)
    if (progress.stage === 'delivered' && before?.stage !== 'delivered')
      bookDelivered(records.of(delivery.caller, now), delivery)
  }
  const historyOf = (opening: Opening): SendHistory => {
    const { delivery } = opening
    const back = historyMs(opening)
    if (back === 0) return NO_HISTORY
    const since = delivery.openedAt - back
    const digests = digestsIn(opening)
    const number = digests.flatMap(
      ({ numberDigest }) =>
        numberHistory.all(numberDigest, since) as { opened_at: number; channel: string }[],
    )
    const user = digests.flatMap(
      ({ userDigest }) => userHistory.all(userDigest ?? null, since) as { opened_at: number }[],
    )
    return {
      number: number.map(row => row.opened_at),
      user: user.map(row => row.opened_at),
      'number-and-channel': number.filter(row => row.channel === delivery.channel).map(row => row.opened_at),
    }
  }

  return {
    admit: (opening: Opening, now: number): Admission =>
      allOrNone(database, () => {
        const { delivery } = opening
        const same = digestsIn(opening)
          .map(({ duplicateKey }) => findSame.get(duplicateKey ?? null, now - deliveriesMs))
          .find(row => row !== undefined)
        if (same !== undefined) return { kind: 'duplicate', first: readDelivery(same) }
        const admission = admitIn(records.of(delivery.caller, now), opening, historyOf(opening))
        if (admission.kind !== 'opened') return admission
        const opened = judged(delivery, admission)
        writeDelivery(opened)
        mergeReceipts(opened, undefined, now) // if it was admitted late, its receipts may already be stored
        return admission
      }),
    settle: (delivery: Delivery, now: number): void =>
      allOrNone(database, () => {
        const messageId = delivery.end.state === 'accepted' ? delivery.end.messageId : null
        forgetStrays.run(messageId, now - strayReceiptsMs)
        if (!mayHaveBeenSent(delivery.end)) {
          const row = find.get(delivery.id, 0)
          const opened = row === undefined ? undefined : readDelivery(row)
          if (opened?.end.state === 'sending') bookNotSent(records.of(opened.caller, now), opened)
        }
        const { id, end } = delivery
        const { changes } = writeEnd.run(end.state, messageId, JSON.stringify(end), id)
        if (Number(changes) === 0) writeDelivery(delivery) // it was never admitted
        mergeReceipts(delivery, undefined, now)
      }),
    findDelivery: (id: string, now: number): FollowedDelivery | undefined => {
      const row = find.get(id, now - deliveriesMs)
      return row === undefined ? undefined : readDelivery(row)
    },
    listDeliveries: (query: DeliveryQuery, now: number): readonly ListedDelivery[] => {
      const { limit, after = '0', numberDigests, userDigests, eventId = null } = query
      const numbers = numberDigests === undefined ? null : JSON.stringify(numberDigests)
      const users = userDigests === undefined ? null : JSON.stringify(userDigests)
      return list
        .all({ after: Number(after), numbers, users, eventId, limit, since: now - deliveriesMs })
        .map(readDelivery)
    },
    readFraudRecords: (caller: string, code: RequestedCode, now: number): Records => {
      const table = records.of(caller, now)
      return allOrNone(database, () => readRecords(code, key => table.get(key)))
    },
    addReceipt: (receipt: Receipt, now: number): void =>
      allOrNone(database, () => {
        addReceipt.run(canonical(receipt), receipt.messageId, receipt.deliveryId ?? null, now)
        const row = findByReceipt.get({ id: receipt.deliveryId ?? null, messageId: receipt.messageId })
        if (row === undefined) return
        const found = readDelivery(row)
        mergeReceipts(found, found.progress, now)
      }),
    addAnswer: (answer: Answer, now: number): Joined =>
      allOrNone(database, () => {
        const { userDigests, at } = answer
        const since = Math.max(now - deliveriesMs, at - CODE_VALID_MAX_MS - 1)
        const rows = ofUsers.all({ users: JSON.stringify(userDigests), since, at })
        const found = findAnswered(rows.map(readDelivery), answer)
        if ('kind' in found) return found
        setAnswered.run({ at, id: found.id })
        if (found.answered === undefined)
          bookAnswered(records.of(found.caller, now), found, { heardAt: now, answeredAt: at })
        return answeredBy(found, at, found.answered === undefined)
      }),
    findReplaced: (sent: SentByOkta, now: number): ListedDelivery | undefined => {
      const since = Math.max(now - deliveriesMs, sent.at - REPLACED_WITHIN_MS)
      const at = sent.at + CLOCK_AHEAD_MS
      const rows = ofUsers.all({ users: JSON.stringify(sent.userDigests), since, at })
      return findReplaced(rows.map(readDelivery), sent)
    },
    readStats: ({ from, to, org }: StatsQuery, now: number): Stats => {
      const rows = ofPeriod.iterate({ from: Math.max(from, now - deliveriesMs + 1), to, org: org ?? null })
      const groups = new Map<string, (number | undefined)[]>()
      for (const { alike, afterMs } of rows as Iterable<{ alike: string; afterMs: number | null }>) {
        const group = groups.get(alike)
        if (group === undefined) groups.set(alike, [afterMs ?? undefined])
        else group.push(afterMs ?? undefined)
      }
      return countAlike([...groups].map(([alike, afterMs]) => readAlike(alike, afterMs)))
    },
    /** Removes at most a few hundred rows, in about ten milliseconds. True if there may be more. */
    removeExpired: (now: number): boolean => {
      const removed = [
        forgetDeliveries.run(now - deliveriesMs, SWEPT_AT_ONCE),
        forgetReceipts.run(now - receiptsMs, SWEPT_AT_ONCE),
        records.forgetExpired(now, SWEPT_AT_ONCE),
      ]
      return removed.some(({ changes }) => Number(changes) === SWEPT_AT_ONCE)
    },
  }
}

/** The own digests, and those by the other hash key while the key is rotated. */
function digestsIn({ delivery, otherDigests }: Opening): readonly Digests[] {
  return otherDigests === undefined ? [delivery] : [delivery, otherDigests]
}

/** Equal receipts have equal text. */
function canonical(receipt: Receipt): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(receipt).sort(([one], [other]) => (one < other ? -1 : 1))),
  )
}

// The tables are STRICT and only this file writes them, so the types are those of the values written.
export type Row = Record<string, unknown>

export function readDelivery(row: Row): ListedDelivery {
  const text = (column: string): string | undefined => (row[column] as string | null) ?? undefined
  const json = (column: string): unknown =>
    row[column] === null ? undefined : JSON.parse(row[column] as string)
  const delivery: Delivery = {
    id: row.id as string,
    openedAt: row.opened_at as number,
    caller: row.caller as string,
    eventId: text('event_id'),
    oktaRequestId: text('okta_request_id'),
    duplicateKey: text('duplicate_key'),
    numberDigest: row.number_digest as string,
    userDigest: text('user_digest'),
    loginDigest: text('login_digest'),
    country: text('country'),
    lastDigits: text('last_digits'),
    channel: row.channel as Delivery['channel'],
    purpose: row.purpose as Delivery['purpose'],
    templateUsed: json('template_used') as Delivery['templateUsed'],
    parts: (row.parts as number | null) ?? undefined,
    expiresAt: (row.expires_at as number | null) ?? undefined,
    credit: json('credit') as Delivery['credit'],
    end: json('end') as OwnEnd,
  }
  return {
    ...delivery,
    position: String(row.sequence),
    progress: json('progress') as Progress | undefined,
    answered: answeredAt(delivery, (row.answered_at as number | null) ?? undefined),
  }
}

/**
 * What is counted of a delivery but when it was answered, as one text: a day of 10,000 deliveries has a few dozen, and a
 * whole row costs five times as much. Of several attempts, `labelsOf` selects one.
 */
const ALIKE = `json_array(caller, country, channel, purpose, template_used, state,
  CASE WHEN json_array_length(end, '$.attempts') > 1 THEN json_extract(end, '$.attempts') ELSE json_extract(end, '$.attempts[0].identity') END,
  json_extract(progress, '$.stage', '$.price'))`

function readAlike(
  text: string,
  afterMs: readonly (number | undefined)[],
): { readonly like: AlikeDelivery; readonly afterMs: readonly (number | undefined)[] } {
  const [caller, country, channel, purpose, templateUsed, state, attempts, progress] = JSON.parse(text) // `ALIKE`
  const like: AlikeDelivery = {
    ...{ caller, country: country ?? undefined, channel, purpose },
    templateUsed: templateUsed === null ? undefined : JSON.parse(templateUsed),
    end: {
      state,
      attempts:
        typeof attempts === 'string' ? [{ identity: attempts, result: 'accepted' }] : (attempts ?? []),
    },
    progress: progress === null ? undefined : { stage: progress[0], price: progress[1] ?? undefined },
  }
  return { like, afterMs: mayHaveBeenSent(like.end) ? afterMs : afterMs.map(() => undefined) }
}

const SWEPT_AT_ONCE = 300
/**
 * A receipt is about one of our messages if it, or another one about the message, names a delivery, or a delivery ended
 * with the message.
 */
const IS_KNOWN = `(delivery_id IS NOT NULL
  OR EXISTS (SELECT 1 FROM deliveries WHERE deliveries.message_id = receipts.message_id)
  OR EXISTS (SELECT 1 FROM receipts AS other WHERE other.message_id = receipts.message_id AND other.delivery_id IS NOT NULL))`
const MAY_HAVE_BEEN_SENT = `state IN ('sending', 'accepted', 'unknown')`
const NO_HISTORY: SendHistory = { number: [], user: [], 'number-and-channel': [] }
// More than any limit counts.
const NEWEST = 'ORDER BY opened_at DESC LIMIT 1000'
