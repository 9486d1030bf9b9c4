import type { TemplateText } from '../../core/message/template.ts'
import { type AnswerFlows, flowsWith } from '../../core/policy/answer-flow.ts'
import { type LoggedChange, policyDifferences } from '../../core/policy/change-log.ts'
import {
  type RecordKey,
  type RecordTable,
  readRecords,
  recordKeptMs,
  type StoredRecord,
} from '../../core/policy/credit/records-by-key.ts'
import { defaultFraudPolicy, type FraudPolicy } from '../../core/policy/fraud-policy.ts'
import { defaultLimits, type Limits } from '../../core/policy/limits.ts'
import {
  applyChanges,
  type Editor,
  nameOfTemplate,
  type TemplateVersion,
  VERSIONS_KEPT,
} from '../../core/policy/policy-store.ts'
import type { Route } from '../../core/policy/route.ts'
import { defaultRoutingPolicy, type RoutingPolicy } from '../../core/policy/routing-policy.ts'
import { answeredAt, answeredBy, findAnswered, findReplaced } from '../../core/records/answer.ts'
import {
  admitIn,
  bookAnswered,
  bookDelivered,
  bookNotSent,
  judged,
} from '../../core/records/credited-code.ts'
import {
  type Delivery,
  type FollowedDelivery,
  isOfUser,
  mayHaveBeenSent,
} from '../../core/records/delivery.ts'
import { isWhose, matchesFilter } from '../../core/records/delivery-filter.ts'
import type { ListedDelivery, StatsQuery } from '../../core/records/delivery-store.ts'
import {
  digestsOf,
  isAbout,
  isOwnRecord,
  isUnderWay,
  recordWithout,
  valueWithout,
  wholePerson,
} from '../../core/records/person.ts'
import { foldReceipts, type Receipt } from '../../core/records/receipt.ts'
import { countDeliveries } from '../../core/records/stats.ts'
import type { Retention, Store } from '../../core/records/store.ts'

/** A store that forgets everything with its process: for tests. */
export function createMemoryStore(
  now: () => number,
  { deliveriesMs, receiptsMs, strayReceiptsMs = receiptsMs, changesMs = deliveriesMs }: Retention = FOR_EVER,
): Store {
  const templates = new Map<string, TemplateText>()
  const versions = new Map<string, readonly TemplateVersion[]>()
  const routes = new Map<string, Route>()
  let limits: Limits = defaultLimits
  let fraud: FraudPolicy = defaultFraudPolicy
  let routing: RoutingPolicy = defaultRoutingPolicy
  let answerFlows: AnswerFlows | undefined
  let version = 1
  let lastSequence = 0
  let changes: readonly LoggedChange[] = []
  const deliveries = new Map<string, ListedDelivery>()
  const receipts = new Map<string, { readonly receipt: Receipt; readonly receivedAt: number }>()
  const answers = new Map<string, number>()
  const records = new Map<string, { readonly record: StoredRecord; readonly expiresAt: number }>()

  const merge = (delivery: Delivery & { readonly position: string }): void => {
    const since = now() - receiptsMs
    const known = [...receipts.values()].filter(r => r.receivedAt > since).map(({ receipt }) => receipt)
    const messageIds = new Set(
      known.filter(({ deliveryId }) => deliveryId === delivery.id).map(r => r.messageId),
    )
    if (delivery.end.state === 'accepted') messageIds.add(delivery.end.messageId)
    const progress = foldReceipts(known.filter(({ messageId }) => messageIds.has(messageId)))
    const answered = answeredAt(delivery, answers.get(delivery.id))
    deliveries.set(delivery.id, { ...delivery, progress, answered })
  }
  const isOurs = ({ messageId }: Receipt): boolean =>
    [...receipts.values()].some(
      ({ receipt }) => receipt.messageId === messageId && receipt.deliveryId !== undefined,
    ) || [...deliveries.values()].some(({ end }) => end.state === 'accepted' && end.messageId === messageId)
  const forgetStrays = (): void => {
    const since = now() - strayReceiptsMs
    for (const [key, { receipt, receivedAt }] of receipts)
      if (receivedAt <= since && !isOurs(receipt)) receipts.delete(key)
  }
  const write = (delivery: Delivery): void => {
    forgetStrays()
    const known = deliveries.get(delivery.id)?.position
    if (known === undefined) lastSequence += 1
    merge({ ...delivery, position: known ?? String(lastSequence) })
  }
  const recordsOf = (caller: string): RecordTable => ({
    get: key => {
      const stored = records.get(`${caller} ${key}`)
      return stored === undefined || stored.expiresAt <= now() ? undefined : stored.record
    },
    set: (key, record) =>
      void records.set(`${caller} ${key}`, { record, expiresAt: now() + recordKeptMs(key) }),
  })
  const isKept = ({ openedAt }: Delivery): boolean => openedAt > now() - deliveriesMs
  const ofPeriod = ({ from, to, org }: StatsQuery): readonly FollowedDelivery[] =>
    [...deliveries.values()].filter(
      delivery =>
        isKept(delivery) &&
        delivery.openedAt >= from &&
        delivery.openedAt < to &&
        (org === undefined || delivery.caller === org),
    )

  const content = () => ({
    templates: [...templates.values()],
    routes: [...routes.values()],
    limits,
    fraud,
    routing,
  })
  const log = (entry: Pick<LoggedChange, 'what' | 'differences'>, by: Editor): void => {
    changes = [{ ...entry, ...by, position: String(Number(changes[0]?.position ?? 0) + 1) }, ...changes]
  }
  const change = (by: Editor, work: () => void): void => {
    const before = content()
    work()
    version += 1
    for (const entry of policyDifferences(before, content())) log(entry, by)
  }

  return {
    readPolicy: async known =>
      known === version
        ? undefined
        : {
            version,
            ...content(),
            ...(answerFlows !== undefined && { answerFlows }),
          },
    saveTemplates: async (edits, by) => {
      const saved = applyChanges([...templates.values()], edits)
      if (saved.kind === 'conflict') return saved
      change(by, () => {
        for (const template of saved.templates) {
          const name = nameOfTemplate(template)
          templates.set(name, template)
          const version = { ...template, author: by.author, savedAt: by.at }
          versions.set(name, [version, ...(versions.get(name) ?? [])].slice(0, VERSIONS_KEPT))
        }
      })
      return saved
    },
    readTemplateVersions: async of => versions.get(nameOfTemplate(of)) ?? [],
    saveRoutes: async (added, by) =>
      change(by, () => {
        for (const route of added) routes.set(`${route.country}/${route.channel}`, route)
      }),
    saveLimits: async (changed, by) =>
      change(by, () => {
        limits = changed
      }),
    saveFraudPolicy: async (changed, by, replaces = fraud.version) => {
      if (replaces !== fraud.version) return false
      change(by, () => {
        fraud = { ...changed, version: fraud.version + 1 }
      })
      return true
    },
    saveRoutingPolicy: async (changed, by, replaces = routing.version) => {
      if (replaces !== routing.version) return false
      change(by, () => {
        routing = { ...changed, version: routing.version + 1 }
      })
      return true
    },
    logEvent: async (event, by) => log(event, by),
    listChanges: async ({ limit, what, since = 0, before = String(Number.MAX_SAFE_INTEGER) }) =>
      changes
        .filter(
          entry =>
            entry.at > now() - changesMs &&
            entry.at >= since &&
            (what === undefined || entry.what === what) &&
            Number(entry.position) < Number(before),
        )
        .slice(0, limit),
    noteAnswers: async (callers, at) => {
      const next = version === 1 ? undefined : flowsWith(answerFlows, callers, at)
      if (next === undefined) return
      answerFlows = next
      version += 1
    },
    admit: async opening => {
      const { delivery, otherDigests } = opening
      const digests = otherDigests === undefined ? [delivery] : [delivery, otherDigests]
      const sent = [...deliveries.values()].filter(known => isKept(known) && mayHaveBeenSent(known.end))
      const first = sent.find(
        known =>
          known.duplicateKey !== undefined &&
          digests.some(({ duplicateKey }) => duplicateKey === known.duplicateKey),
      )
      if (first !== undefined) return { kind: 'duplicate', first }
      const ofNumber = sent.filter(known =>
        digests.some(({ numberDigest }) => numberDigest === known.numberDigest),
      )
      const ofUser = sent.filter(
        known =>
          known.userDigest !== undefined && digests.some(({ userDigest }) => userDigest === known.userDigest),
      )
      const history = {
        number: ofNumber.map(({ openedAt }) => openedAt),
        user: ofUser.map(({ openedAt }) => openedAt),
        'number-and-channel': ofNumber
          .filter(({ channel }) => channel === delivery.channel)
          .map(d => d.openedAt),
      }
      const admission = admitIn(recordsOf(delivery.caller), opening, history)
      if (admission.kind === 'opened') write(judged(delivery, admission))
      return admission
    },
    settle: async delivery => {
      const opened = deliveries.get(delivery.id)
      if (opened?.end.state === 'sending' && !mayHaveBeenSent(delivery.end))
        bookNotSent(recordsOf(delivery.caller), opened)
      write(opened === undefined ? delivery : { ...delivery, credit: opened.credit })
    },
    findDelivery: async id => [deliveries.get(id)].find(found => found !== undefined && isKept(found)),
    listDeliveries: async ({ limit, after = '0', numberDigests, userDigests, eventId }) =>
      [...deliveries.values()]
        .filter(
          delivery =>
            isKept(delivery) &&
            Number(delivery.position) > Number(after) &&
            (numberDigests === undefined || numberDigests.includes(delivery.numberDigest)) &&
            (userDigests === undefined || isOfUser(delivery, userDigests)) &&
            (eventId === undefined || delivery.eventId === eventId),
        )
        .slice(-limit),
    pageDeliveries: async ({ limit, whose, filter = {}, period, before }) => {
      const { from = 0, to = Number.POSITIVE_INFINITY } = period ?? {}
      const found = [...deliveries.values()]
        .filter(
          delivery =>
            isKept(delivery) &&
            (before === undefined || Number(delivery.position) < Number(before)) &&
            delivery.openedAt >= from &&
            delivery.openedAt < to &&
            (whose === undefined || isWhose(delivery, whose)) &&
            matchesFilter(delivery, filter),
        )
        .toReversed()
      const page = found.slice(0, limit)
      const last = page.at(-1)
      const isWhole = page.length === found.length || last === undefined
      return {
        deliveries: page,
        readTo: isWhole ? Math.max(from, 0) : last.openedAt,
        next: isWhole ? undefined : last.position,
      }
    },
    readFraudRecords: async (caller, code) => readRecords(code, recordsOf(caller).get),
    addReceipt: async receipt => {
      receipts.set(JSON.stringify(Object.entries(receipt).toSorted()), { receipt, receivedAt: now() })
      const ids = [...receipts.values()]
        .filter(known => known.receipt.messageId === receipt.messageId)
        .map(known => known.receipt.deliveryId)
      const found = [...deliveries.values()].find(
        ({ id, end }) =>
          ids.includes(id) || (end.state === 'accepted' && end.messageId === receipt.messageId),
      )
      if (found === undefined) return
      merge(found)
      if (deliveries.get(found.id)?.progress?.stage === 'delivered')
        bookDelivered(recordsOf(found.caller), found)
    },
    addAnswer: async answer => {
      const found = findAnswered([...deliveries.values()].filter(isKept), answer)
      if ('kind' in found) return found
      const earliest = answers.get(found.id)
      answers.set(found.id, Math.min(answer.at, earliest ?? answer.at))
      merge(found)
      if (earliest === undefined)
        bookAnswered(recordsOf(found.caller), found, { heardAt: now(), answeredAt: answer.at })
      return answeredBy(found, answer.at, earliest === undefined)
    },
    findReplaced: async sent => findReplaced([...deliveries.values()].filter(isKept), sent),
    readStats: async query => ({ stats: countDeliveries(ofPeriod(query)), until: query.to }),
    readHourlyStats: async query => {
      const byHour = Map.groupBy(ofPeriod(query), ({ openedAt }) =>
        Math.max(openedAt - (openedAt % HOUR_MS), query.from),
      )
      const hours = [...byHour].map(([from, each]) => ({ from, stats: countDeliveries(each) }))
      return { hours: hours.toSorted((one, other) => one.from - other.from), until: query.to }
    },
    readPerson: async named => {
      const kept = [...deliveries.values()].filter(isKept)
      const person = wholePerson(named, kept)
      return {
        person,
        deliveries: kept.filter(delivery => isAbout(delivery, person)),
        records: [...records].flatMap(([name, { record, expiresAt }]) => {
          const { org, key } = nameOfRecord(name)
          return expiresAt > now() && isOwnRecord(key, person) ? [{ org, key, record }] : []
        }),
      }
    },
    erasePerson: async person => {
      const own = [...deliveries.values()].filter(delivery => isAbout(delivery, person))
      const erased = own.filter(delivery => !isUnderWay(delivery, now()))
      const messageIds = new Set(
        erased.flatMap(({ end }) => (end.state === 'accepted' ? [end.messageId] : [])),
      )
      for (const { id } of erased) {
        deliveries.delete(id)
        answers.delete(id)
        for (const { receipt } of receipts.values())
          if (receipt.deliveryId === id) messageIds.add(receipt.messageId)
      }
      for (const [key, { receipt }] of receipts) if (messageIds.has(receipt.messageId)) receipts.delete(key)
      let [ownRecords, otherRecords, blanked] = [0, 0, 0]
      for (const [name, stored] of records) {
        const record = recordWithout(stored.record, person)
        if (isOwnRecord(nameOfRecord(name).key, person)) {
          records.delete(name)
          ownRecords += 1
        } else if (record !== stored.record) {
          records.set(name, { ...stored, record })
          otherRecords += 1
        }
      }
      changes = changes.map(entry => {
        const differences = valueWithout(entry.differences, digestsOf(person)) as LoggedChange['differences']
        if (JSON.stringify(differences) === JSON.stringify(entry.differences)) return entry
        blanked += 1
        return { ...entry, differences }
      })
      return {
        ...{ deliveries: erased.length, records: ownRecords, otherRecords, changes: blanked },
        underWay: own.filter(delivery => isUnderWay(delivery, now())).map(({ id }) => id),
      }
    },
    removeExpired: async () => {
      for (const [id, delivery] of deliveries) {
        if (isKept(delivery)) continue
        deliveries.delete(id)
        answers.delete(id)
      }
      for (const [key, { receivedAt }] of receipts) if (receivedAt <= now() - receiptsMs) receipts.delete(key)
      for (const [key, { expiresAt }] of records) if (expiresAt <= now()) records.delete(key)
      forgetStrays()
      changes = changes.filter(({ at }) => at > now() - changesMs)
    },
    checkWritable: async () => undefined,
    close: async () => undefined,
  }
}

function nameOfRecord(name: string): { readonly org: string; readonly key: RecordKey } {
  const end = name.search(/ (org|phone#|user#|country#|group#)/)
  return { org: name.slice(0, end), key: name.slice(end + 1) as RecordKey }
}

const HOUR_MS = 3_600_000
const FOR_EVER: Retention = { deliveriesMs: Number.POSITIVE_INFINITY, receiptsMs: Number.POSITIVE_INFINITY }
