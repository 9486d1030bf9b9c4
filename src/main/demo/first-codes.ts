import { randomInt } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { describeSent, sendThroughOkta } from '../../cli/codes/send.ts'
import type { DeliveryStore } from '../../core/records/delivery-store.ts'
import { exchange } from './programs.ts'

type StandIns = { readonly okta: string; readonly carrier: string }
type Tried = {
  readonly to: string
  readonly code: string
  readonly eventId: string
  readonly isDelivered: boolean
}

/** The numbers are those of AWS's simulator, so no person gets a message. */
export async function sendFirstCodes(
  standIns: StandIns,
  print: (text: string) => void,
): Promise<readonly [Tried, Tried]> {
  const attempt = async (to: string, channel: string, locale: string): Promise<Tried> => {
    const code = String(randomInt(100_000, 1_000_000))
    const sent = await sendThroughOkta({
      to,
      channel,
      locale,
      code,
      purpose: 'mfa-verification',
      ...standIns,
    })
    const isDelivered = sent.delivered !== undefined
    print(`${isDelivered ? '✓ delivered' : '✗ not delivered'}: ${channel} to ${to} in ${locale}`)
    print(`${describeSent(sent)}\n`)
    return { to, code, eventId: sent.eventId, isDelivered }
  }
  return [await attempt('+14254147755', 'SMS', 'en_US'), await attempt('+34683783440', 'voice call', 'es_MX')]
}

/** Enters the code as a person would, and waits until Okta's event has answered the delivery. */
export async function enterCode(
  { to, code, eventId }: Tried,
  { okta }: StandIns,
  store: Pick<DeliveryStore, 'listDeliveries'>,
  print: (text: string) => void,
): Promise<boolean> {
  await exchange('POST', `${okta}/caller/codes`, { to, code })
  for (let tries = 0; tries < ANSWER_TRIES_MAX; tries++) {
    const [delivery] = await store.listDeliveries({ eventId, limit: 1 })
    if (delivery?.answered !== undefined) {
      print(
        `✓ answered: the code to ${to} was entered ${Math.round(delivery.answered.afterMs / 1_000)} s after the request\n`,
      )
      return true
    }
    await setTimeout(ANSWER_PAUSE_MS)
  }
  print(`✗ not answered: no event of Okta about the code to ${to} arrived\n`)
  return false
}

const ANSWER_TRIES_MAX = 100
const ANSWER_PAUSE_MS = 50
