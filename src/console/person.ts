import { explainStatus, namesOfUser, statusOf } from '../core/records/delivery.ts'
import type { DeliveryQuery } from '../core/records/delivery-store.ts'
import { readPhoneNumber } from '../core/values/phone-number.ts'
import { isRefusal } from '../core/values/reasons.ts'
import { Secret } from '../core/values/secret.ts'
import { html } from './page.ts'
import type { Answer, ConsoleParts, Screen, Visit } from './screen.ts'
import { texts } from './texts.ts'
import { time } from './times.ts'

/** What happened to the codes of one person. */
export const personScreen: Screen = {
  title: texts.person.title,
  path: '/person',
  routes: [
    { kind: 'page', path: '/person', answer: answerStart },
    { kind: 'lookup', path: '/person/search', answer: search },
    { kind: 'page', path: '/person/:by/:key', answer: answerPerson },
  ],
}

function answerStart(): Answer {
  const body = html`<h1>${texts.person.title}</h1><p>${texts.person.howToSearch}</p>`
  return { kind: 'page', title: texts.person.title, body }
}

/** Leads to an address without the number or the login: only their keyed digests. */
async function search({ form }: Visit, { digest, planRules }: ConsoleParts): Promise<Answer> {
  const words = form.get('q')?.trim() ?? ''
  if (/^\+?[\d\s().-]{6,}$/.test(words)) {
    const number = readPhoneNumber(new Secret(words), 'voice', planRules)
    const read = isRefusal(number) ? number.number : number
    return { kind: 'redirect', to: `/person/number/${await digest(read?.e164.reveal() ?? words)}` }
  }
  const digests = await Promise.all(namesOfUser(words).map(digest))
  return { kind: 'redirect', to: `/person/user/${digests.join('.')}` }
}

async function answerPerson({ params }: Visit, { store, now, timeZone }: ConsoleParts): Promise<Answer> {
  const { by, key = '' } = params
  const query: Partial<DeliveryQuery> =
    by === 'number' ? { numberDigest: key } : { userDigests: key.split('.') }
  const deliveries = await store.listDeliveries({ ...query, limit: 20 })
  const body = html`<h1>${texts.person.title}</h1>
${deliveries.length === 0 && html`<p>${texts.person.nothing}</p>`}
${deliveries.toReversed().map(
  delivery => html`<section class="card">
<h2>${time(delivery.openedAt, now(), timeZone)} ${statusOf(delivery)}</h2>
<p>${explainStatus(delivery)}</p>
</section>`,
)}`
  return { kind: 'page', title: texts.person.title, body }
}
