import { type FollowedDelivery, mayHaveBeenSent } from '../../core/delivery.ts'
import { defaultLimits, exceededLimit, type Limits } from '../../core/limits.ts'
import { foldReceipts, type Receipt } from '../../core/receipt.ts'
import type { Route } from '../../core/route.ts'
import type { ListedDelivery, Store } from '../../core/store.ts'
import type { TemplateText } from '../../core/template.ts'

/** A store that forgets everything with its process: for tests. */
export function createMemoryStore(now: () => number): Store {
  const templates = new Map<string, TemplateText>()
  const routes = new Map<string, Route>()
  let limits: Limits = defaultLimits
  let version = 1
  let lastSequence = 0
  const deliveries = new Map<string, ListedDelivery>()
  const receipts = new Map<string, { readonly receipt: Receipt; readonly receivedAt: number }>()

  const merge = (delivery: ListedDelivery): void => {
    const known = [...receipts.values()].map(({ receipt }) => receipt)
    const messageIds = new Set(
      known.filter(({ deliveryId }) => deliveryId === delivery.id).map(r => r.messageId),
    )
    if (delivery.end.state === 'accepted') messageIds.add(delivery.end.messageId)
    const progress = foldReceipts(known.filter(({ messageId }) => messageIds.has(messageId)))
    deliveries.set(delivery.id, { ...delivery, progress })
  }
  const write = (delivery: Omit<FollowedDelivery, 'progress'>): void => {
    const known = deliveries.get(delivery.id)?.sequence
    if (known === undefined) lastSequence += 1
    const sequence = known ?? lastSequence
    merge({ ...delivery, sequence, progress: undefined })
  }

  return {
    readPolicy: async known =>
      known === version
        ? undefined
        : { version, templates: [...templates.values()], routes: [...routes.values()], limits },
    saveTemplates: async added => {
      for (const template of added) {
        const key = `${template.channel}/${template.locale}/${template.purpose}`
        templates.set(key, { ...template, version: (templates.get(key)?.version ?? 0) + 1 })
      }
      version += 1
    },
    saveRoutes: async added => {
      for (const route of added) routes.set(`${route.country}/${route.channel}`, route)
      version += 1
    },
    saveLimits: async changed => {
      limits = changed
      version += 1
    },
    admit: async ({ delivery, limits: { mode, windows } }) => {
      const sent = [...deliveries.values()].filter(({ end }) => mayHaveBeenSent(end))
      const first = sent.find(
        known => delivery.duplicateKey !== undefined && known.duplicateKey === delivery.duplicateKey,
      )
      if (first !== undefined) return { kind: 'duplicate', first }
      const ofNumber = sent.filter(({ numberDigest }) => numberDigest === delivery.numberDigest)
      const ofUser = sent.filter(
        ({ userDigest }) => userDigest !== undefined && userDigest === delivery.userDigest,
      )
      const history = {
        number: ofNumber.map(({ openedAt }) => openedAt),
        user: ofUser.map(({ openedAt }) => openedAt),
        'number-and-channel': ofNumber
          .filter(({ channel }) => channel === delivery.channel)
          .map(d => d.openedAt),
      }
      const exceeded = exceededLimit(windows, history, delivery.openedAt)
      if (exceeded !== undefined && mode === 'enforce') return { kind: 'limited', limit: exceeded }
      write(delivery)
      return exceeded === undefined ? { kind: 'opened' } : { kind: 'opened', exceeded }
    },
    settle: async delivery => write(delivery),
    findDelivery: async id => deliveries.get(id),
    listDeliveries: async ({ limit, after = 0, numberDigest, userDigest, eventId }) =>
      [...deliveries.values()]
        .filter(
          delivery =>
            delivery.sequence > after &&
            (numberDigest === undefined || delivery.numberDigest === numberDigest) &&
            (userDigest === undefined || delivery.userDigest === userDigest) &&
            (eventId === undefined || delivery.eventId === eventId),
        )
        .slice(-limit),
    addReceipt: async receipt => {
      receipts.set(JSON.stringify(Object.entries(receipt).toSorted()), { receipt, receivedAt: now() })
      const ids = [...receipts.values()]
        .filter(known => known.receipt.messageId === receipt.messageId)
        .map(known => known.receipt.deliveryId)
      const found = [...deliveries.values()].find(
        ({ id, end }) =>
          ids.includes(id) || (end.state === 'accepted' && end.messageId === receipt.messageId),
      )
      if (found === undefined) return 'parked'
      merge(found)
      return 'found'
    },
    removeExpired: async before => {
      for (const [id, { openedAt }] of deliveries) if (openedAt < before.deliveries) deliveries.delete(id)
      for (const [key, { receivedAt }] of receipts) if (receivedAt < before.parked) receipts.delete(key)
    },
    close: async () => undefined,
  }
}
