import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { accepted, delivery, ended, thirtyDays } from '../../../test/contracts/stores.ts'
import { type Dynamo, openOn, rawItemsOf, startDynamo } from '../../../test/fixtures/dynamo.ts'
import { seeded } from '../../../test/support/numbers.ts'
import type { GroupRecord, PhoneRecord } from '../../core/policy/credit/records.ts'
import type { RecordKey } from '../../core/policy/credit/records-by-key.ts'
import { defaultLimits } from '../../core/policy/limits.ts'
import type { Delivery, DeliveryCredit } from '../../core/records/delivery.ts'
import type { Admission } from '../../core/records/delivery-store.ts'
import type { Store } from '../../core/records/store.ts'
import { recordIn } from './credit-item.ts'
import { keys } from './keys.ts'

const START = 20_000 * 86_400_000
const MINUTE = 60_000
const BLOCK = '58412777'
const CREDIT_OF_BLOCK = 5
const terms = { mode: 'enforce', overrides: { expected: 0 } } as const

let dynamo: Dynamo
let table: string
let store: Store
let now = START
let requests = 0
before(async () => {
  dynamo = await startDynamo()
})
after(() => dynamo.close())
beforeEach(async () => {
  now = START
  table = await dynamo.createTable()
  store = await openOn(dynamo, { table, now: () => now, retention: thirtyDays })
  await signIn('somebody') // until an answer is heard, nothing can be held
  now += 1_000 // and what a function knows of the org is a second old at most
  dynamo.calls.length = 0
})
afterEach(async () => {
  dynamo.door = undefined
  await store.close()
})

/** A request for a code; by default the enrolment of a new number of one block by a new user. */
function request(changed: Partial<Delivery> = {}, credit: Partial<DeliveryCredit> = {}): Delivery {
  requests += 1
  const number = String(requests)
  return delivery({
    id: `00000000-0000-4000-8000-${number.padStart(12, '0')}`,
    openedAt: now,
    duplicateKey: `key ${number}`,
    numberDigest: `number-${number}`,
    userDigest: `user-${number}`,
    loginDigest: undefined,
    country: 'VE',
    purpose: 'pre-enrollment',
    expiresAt: now + 300_000,
    credit: { block: BLOCK, network: '198.51.100', ...credit },
    ...changed,
  })
}

const admit = (opened: Delivery, by = store) =>
  by.admit({ delivery: opened, limits: defaultLimits, credit: terms })

async function settle(opened: Delivery, admission: Admission, end = accepted(opened.id)): Promise<Delivery> {
  const { purse, hold } = admission as Extract<Admission, { kind: 'held' }>
  const settled = { ...opened, credit: { block: BLOCK, ...opened.credit, purse, hold }, end }
  await store.settle(admission.kind === 'opened' ? settled : { ...settled, end: ended('refused') })
  return settled
}

/** A sign-in; answered by default. */
async function signIn(person: string, network = '203.0.113', isAnswered = true): Promise<Admission> {
  const named = { numberDigest: `number of ${person}`, userDigest: `user ${person}`, country: 'FR' }
  const opened = request({ ...named, purpose: 'mfa-verification' }, { block: '3361234', network })
  const admission = await admit(opened)
  await settle(opened, admission)
  if (isAnswered) await answer(opened)
  return admission
}

async function answer({ caller, userDigest, channel, openedAt }: Delivery): Promise<void> {
  const at = openedAt + 10_000
  await store.addAnswer({ callers: [caller], userDigests: [userDigest ?? ''], channel, at })
}

async function record(key: RecordKey): Promise<unknown> {
  const { pk } = keys.credit(delivery().caller, key)
  return recordIn(
    key,
    (await rawItemsOf(dynamo, table)).find(item => item.pk?.S === pk),
    now,
  )
}
const codesIn = async (key: RecordKey): Promise<number> => {
  const { days = {} } = ((await record(key)) ?? {}) as Partial<GroupRecord>
  return Object.values(days).reduce((sum, [codes]) => sum + codes, 0)
}

/** No call continues before this many have arrived, so calls that wait for each other would never end. */
function together(count: number): void {
  const all = Promise.withResolvers<void>()
  let waiting = 0
  dynamo.door = async () => {
    waiting += 1
    if (waiting === count) all.resolve()
    await all.promise
    return 'in'
  }
}

/** Of the calls that wait, one at a time continues, chosen at random. */
function inRandomOrder(seed: number): void {
  const random = seeded(seed)
  const waiting: (() => void)[] = []
  const next = (): void => {
    const [one] = waiting.splice(random() % waiting.length, 1)
    one?.()
    if (waiting.length > 0) setImmediate(next)
  }
  dynamo.door = () =>
    new Promise(resolve => {
      waiting.push(() => resolve('in'))
      if (waiting.length === 1) setImmediate(next)
    })
}

const SOMEBODY = { numberDigest: 'number of somebody', userDigest: 'user somebody', country: 'FR' }
const NETWORK_OF_SOMEBODY = { block: '3361234', network: '203.0.113' }
const GROUPS = [`p4:${BLOCK}`, 'p6:584127', 'country:VE', 'ip:198.51.100', 'small:', 'new:'] as const

describe('an admission under the fraud rule', () => {
  it('of a sign-in is three calls at the same time: the two of the limits, and an update of its phone', async () => {
    await signIn('somebody') // reads org and country
    dynamo.calls.length = 0
    together(3)
    const opened = request({ ...SOMEBODY, purpose: 'mfa-verification' }, NETWORK_OF_SOMEBODY)
    const admission = await admit(opened)
    assert.deepEqual(admission, { kind: 'opened', purse: 'sign-in', hold: undefined })
    await settle(opened, admission)
    assert.deepEqual(dynamo.calls.map(callName).toSorted(), [
      ...['UpdateItem credit', 'UpdateItem delivery', 'UpdateItem number', 'UpdateItem user'],
    ])
  })

  it('of a sign-in reads org and country once a second, and what fell silent where the phone does not decide', async () => {
    const signInFrom = (network: string) =>
      request({ ...SOMEBODY, purpose: 'mfa-verification' }, { ...NETWORK_OF_SOMEBODY, network })
    const readsOf = async (opened: Delivery): Promise<readonly string[]> => {
      dynamo.calls.length = 0
      const admission = await admit(opened)
      const reads = dynamo.calls.filter(call => call.includes('GetItem'))
      assert.equal(admission.kind, 'opened')
      await settle(opened, admission) // what is written beside the sending has finished
      return reads
    }
    assert.deepEqual(await readsOf(signInFrom('203.0.113')), ['BatchGetItem 5'])
    now += 999
    assert.deepEqual(await readsOf(signInFrom('192.0.2')), ['BatchGetItem 3'])
    assert.deepEqual(await readsOf(signInFrom('203.0.113')), [])
    now += 1
    assert.deepEqual(await readsOf(signInFrom('203.0.113')), ['BatchGetItem 5'])
  })

  it('of an enrolment counts the code in each of its groups, also at the same time', async () => {
    together(9)
    assert.equal((await admit(request())).kind, 'opened')
    const first = dynamo.calls.slice(0, 9)
    assert.deepEqual(first.filter(call => callName(call) === 'UpdateItem credit').map(groupIn), GROUPS)
  })

  it('without terms reads and writes nothing of the rule', async () => {
    const opened = request({ credit: undefined })
    assert.equal((await store.admit({ delivery: opened, limits: defaultLimits })).kind, 'opened')
    await store.settle({ ...opened, end: accepted() })
    assert.deepEqual(dynamo.calls.map(callName).toSorted(), [
      'UpdateItem delivery',
      'UpdateItem number',
      'UpdateItem user',
    ])
  })

  it('writes the rest beside the sending, and has finished when the delivery is settled', async () => {
    const opened = request()
    const admission = await admit(opened)
    await settle(opened, admission)
    const phone = (await record(`phone#${opened.numberDigest}`)) as PhoneRecord
    assert.deepEqual([phone.unanswered, phone.countedAt, phone.countedIn], [1, now, GROUPS])
  })
})

describe('a burst of enrolments in one block', () => {
  it('gets no code more than the credit, from however many functions at once', async () => {
    const open = () => openOn(dynamo, { table, now: () => now, retention: thirtyDays })
    const functions = await Promise.all(Array.from({ length: 8 }, open))
    const opened = Array.from({ length: 80 }, () => request())
    const admissions = await Promise.all(opened.map((each, index) => admit(each, functions[index % 8])))
    const sent = admissions.filter(({ kind }) => kind === 'opened').length
    assert.ok(sent <= CREDIT_OF_BLOCK, `${sent} sent`)
    assert.equal(admissions.filter(({ kind }) => kind === 'held').length, 80 - sent)
    await taken(sent)
    for (let left = CREDIT_OF_BLOCK - sent; left > 0; left -= 1)
      assert.equal((await admit(request())).kind, 'opened')
    assert.equal((await admit(request())).kind, 'held')
    await Promise.all(functions.map(each => each.close()))
  })

  it('of which the held ones leave nothing that counts, and are listed as refused', async () => {
    await spendBlock()
    const opened = request()
    const admission = await admit(opened)
    assert.ok(admission.kind === 'held' && admission.hold.group === `p4:${BLOCK}`)
    await settle(opened, admission)
    assert.equal(await codesIn(`group#p4:${BLOCK}`), CREDIT_OF_BLOCK)
    const [listed] = await store.listDeliveries({ limit: 10, numberDigests: [opened.numberDigest] })
    assert.deepEqual([listed?.end.state, listed?.credit?.hold], ['refused', admission.hold])
    const again = request({ numberDigest: opened.numberDigest, userDigest: opened.userDigest })
    assert.equal((await admit(again)).kind, 'held')
  })

  it('gets one probe when its time has come, from however many functions at once', async () => {
    await spendBlock()
    await admit(request()) // it is held from now on
    now += 11 * MINUTE
    const functions = await Promise.all(
      [1, 2, 3, 4].map(() => openOn(dynamo, { table, now: () => now, retention: thirtyDays })),
    )
    const admissions = await Promise.all(
      Array.from({ length: 24 }, (_, index) => admit(request(), functions[index % 4])),
    )
    const sent = admissions.filter(({ kind }) => kind === 'opened').length
    await taken(CREDIT_OF_BLOCK + sent)
    // If each of them saw some group beyond its credit, the next request is the probe.
    const next = await admit(request())
    assert.equal(sent + (next.kind === 'opened' ? 1 : 0), 1, `${sent} sent, then ${next.kind}`)
    await Promise.all(functions.map(each => each.close()))
  })

  it('gets one probe at most, although several of its groups are held and each has its own order of requests', async () => {
    inRandomOrder(1)
    await Promise.all(Array.from({ length: 20 }, () => admit(request())))
    while ((await admit(request())).kind !== 'held'); // what the burst left of the credit
    now += 11 * MINUTE
    const admissions = await Promise.all(Array.from({ length: 12 }, () => admit(request())))
    const sent = admissions.filter(({ kind }) => kind === 'opened').length
    assert.ok(sent <= 1, `${sent} sent`)
  })

  it('does not wait for long until a held code is taken off again', async () => {
    await spendBlock()
    const hasty = await openOn(dynamo, { table, now: () => now, retention: thirtyDays, undoMs: 0 })
    const held = Promise.withResolvers<void>()
    const seen = new Set<string>()
    dynamo.door = async call => {
      if (seen.has(call)) await held.promise // the first one counts, the second one takes it off
      seen.add(call)
      return 'in'
    }
    assert.equal((await admit(request(), hasty)).kind, 'held')
    assert.equal(await codesIn(`group#p4:${BLOCK}`), CREDIT_OF_BLOCK + 1)
    held.resolve()
    while ((await codesIn(`group#p4:${BLOCK}`)) > CREDIT_OF_BLOCK) await new Promise(setImmediate)
    await hasty.close()
  })
})

describe('when the table fails', () => {
  for (const part of ['BatchGetItem', ...GROUPS.map(group => `group#${group}`)]) {
    it(`at ${part}, a code is sent without the rule, and nothing of it counts`, async () => {
      await spendBlock()
      dynamo.door = async call => (isAbout(call, part) ? 'cut' : 'in')
      const opened = request()
      const admission = await admit(opened)
      assert.equal(admission.kind, 'opened')
      assert.match((admission.kind === 'opened' && admission.unjudged) || '', /^store: /)
      await settle(opened, admission)
      for (const key of GROUPS) assert.equal(await codesIn(`group#${key}`), CREDIT_OF_BLOCK, key)
      assert.equal(await record(`phone#${opened.numberDigest}`), undefined)
    })

    it(`and only the answer of ${part} is lost, the code is counted once`, async () => {
      let tries = 0
      dynamo.door = async call => {
        if (!isAbout(call, part)) return 'in'
        tries += 1
        return tries === 1 ? 'answer lost' : 'in'
      }
      const opened = request()
      const admission = await admit(opened)
      assert.ok(admission.kind === 'opened' && admission.unjudged === undefined)
      await settle(opened, admission)
      for (const key of GROUPS) assert.equal(await codesIn(`group#${key}`), 1, key)
    })
  }

  it("an operator's denial holds nevertheless", async () => {
    const denial = { what: 'deny', at: 1, until: now + 1, author: 'ada', because: 'stolen' } as const
    const whom = { kind: 'country', country: 'VE' } as const
    const overrides = { decision: { ...denial, whom }, expected: 0 }
    dynamo.door = async call => (callName(call) === 'BatchGetItem' ? 'cut' : 'in')
    const opening = { delivery: request(), limits: defaultLimits, credit: { ...terms, overrides } }
    const admission = await store.admit(opening)
    assert.ok(admission.kind === 'held' && admission.hold.reason === 'FRAUD_DENIED')
  })

  for (const part of ['phone#', 'user#', 'country#', 'org'] as const) {
    it(`at the record ${part} while a code is being sent, the delivery is written nevertheless`, async () => {
      const opened = request()
      dynamo.door = async call =>
        call.includes(`#${part}`) && call.startsWith('UpdateItem credit') ? 'cut' : 'in'
      const admission = await admit(opened)
      assert.equal(admission.kind, 'opened')
      await assert.rejects(settle(opened, admission), /^Error: store: /)
      dynamo.door = undefined
      // It is written again later, as every delivery that the store rejected.
      const settled = await settle(opened, admission)
      const found = await store.findDelivery(opened.id)
      assert.deepEqual(found?.end, settled.end)
    })
  }

  it('and a probe cannot be written, the code is sent', async () => {
    await spendBlock()
    await admit(request())
    now += 11 * MINUTE
    const seen = new Set<string>()
    dynamo.door = async call => {
      const isSecond = seen.has(call) && callName(call) === 'UpdateItem credit'
      seen.add(call)
      return isSecond ? 'cut' : 'in'
    }
    assert.equal((await admit(request())).kind, 'opened')
  })
})

describe('a sign-in', () => {
  const toSomebody = (changed: Partial<Delivery> = {}) =>
    request({ ...SOMEBODY, purpose: 'mfa-verification', ...changed }, NETWORK_OF_SOMEBODY)
  const unanswered = async (): Promise<number> =>
    ((await record('phone#number of somebody')) as PhoneRecord).unanswered
  const isOfPhone = (call: string): boolean =>
    call.startsWith('UpdateItem credit') && call.includes('#phone#')

  it('that is a duplicate counts once', async () => {
    const same = { duplicateKey: 'the same' }
    for (const opened of [toSomebody(same), toSomebody(same)]) await settle(opened, await admit(opened))
    assert.equal(await unanswered(), 1)
  })

  it('that is denied is not counted', async () => {
    const whom = { kind: 'country', country: 'FR' } as const
    const denial = { what: 'deny', at: 1, until: now + 1, author: 'ada', because: 'stolen', whom } as const
    const credit = { ...terms, overrides: { decision: denial, expected: 0 } }
    const admission = await store.admit({ delivery: toSomebody(), limits: defaultLimits, credit })
    assert.equal(admission.kind, 'held')
    assert.equal(await unanswered(), 0)
  })

  it('that the carrier refuses is not counted, also while others are', async () => {
    const [one, other] = [toSomebody(), toSomebody()]
    const admissions = [await admit(one), await admit(other)] as const
    await settle(other, admissions[1])
    await settle(one, admissions[0], ended('failed'))
    assert.equal(await unanswered(), 1)
  })

  it('is counted once if the answer of its update is lost', async () => {
    let tries = 0
    dynamo.door = async call => {
      if (!isOfPhone(call)) return 'in'
      tries += 1
      return tries === 1 ? 'answer lost' : 'in'
    }
    const opened = toSomebody()
    const admission = await admit(opened)
    assert.ok(admission.kind === 'opened' && admission.unjudged === undefined)
    await settle(opened, admission)
    assert.equal(await unanswered(), 1)
  })

  it('is sent without the rule if its update fails', async () => {
    dynamo.door = async call => (isOfPhone(call) ? 'cut' : 'in')
    const admission = await admit(toSomebody())
    assert.match((admission.kind === 'opened' && admission.unjudged) || '', /^store: /)
  })
})

describe('two codes to one phone at the same moment', () => {
  it('are both counted', async () => {
    const person = { numberDigest: 'number of somebody', userDigest: 'user somebody', country: 'FR' }
    const of = () =>
      request({ ...person, purpose: 'mfa-verification' }, { block: '3361234', network: '203.0.113' })
    const opened = [of(), of(), of()]
    const admissions = await Promise.all(opened.map(each => admit(each)))
    await Promise.all(opened.map((each, index) => settle(each, admissions[index] ?? assert.fail())))
    const phone = (await record('phone#number of somebody')) as PhoneRecord
    assert.deepEqual([phone.unanswered, phone.purses['sign-in']?.inARow], [3, 3])
  })
})

describe('what a code comes to', () => {
  it('gives its credit back if the carrier provably sent nothing', async () => {
    const opened = request()
    await settle(opened, await admit(opened), ended('failed'))
    for (const key of GROUPS) assert.equal(await codesIn(`group#${key}`), 0, key)
    assert.equal(((await record(`phone#${opened.numberDigest}`)) as PhoneRecord).unanswered, 0)
  })

  it('is booked once for the first answer, however often Okta reports it', async () => {
    const opened = request()
    await settle(opened, await admit(opened))
    await Promise.all([1, 2, 3, 4].map(() => answer(opened)))
    assert.equal(((await record(`phone#${opened.numberDigest}`)) as PhoneRecord).answers, 1)
    const { days } = (await record(`group#p4:${BLOCK}`)) as GroupRecord
    assert.deepEqual(Object.values(days), [[1, 1]])
  })

  it('keeps the last codes of a limit for networks where the phone answered', async () => {
    const kept = 2
    for (let code = 0; code < 5 - kept - 1; code += 1) await signIn('somebody', '198.51.100', false)
    assert.equal((await signIn('somebody', '192.0.2', false)).kind, 'limited')
    assert.equal((await signIn('somebody', '203.0.113', false)).kind, 'opened')
  })
})

/** Waits until what was counted in advance for held codes is taken off: it may be, after their answer. */
async function taken(codes: number): Promise<void> {
  for (const key of GROUPS)
    for (let reads = 1; ; reads += 1) {
      const counted = await codesIn(`group#${key}`)
      if (counted === codes) break
      if (reads === READS_MAX) assert.equal(counted, codes, key)
    }
}
const READS_MAX = 1_000

/** New numbers of the block get codes and answer none, until it is out of credit. */
async function spendBlock(): Promise<void> {
  for (let code = 0; code < CREDIT_OF_BLOCK; code += 1) {
    const opened = request()
    const admission = await admit(opened)
    assert.equal(admission.kind, 'opened')
    await settle(opened, admission)
  }
}

/** `UpdateItem credit`, without the rest of the key. */
const callName = (call: string): string => call.replace(/#.*| \d+$/, '')
const isAbout = (call: string, part: string): boolean => callName(call) === part || call.endsWith(part)
const groupIn = (call: string): string => call.slice(call.indexOf('#group#') + '#group#'.length)
