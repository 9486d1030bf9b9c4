import { namesWithSameSecret, readOrgSecrets, readSecrets } from './orgs.ts'
import { eventSecretId } from './secret-id.ts'
import { inSecret, setting, type ValuesOf } from './setting.ts'

/** The secrets of Okta's event hooks, which report the codes that people entered. */
export const events = {
  secrets: setting({
    name: 'HOOKLINE_EVENT_SECRETS',
    read: readSecrets,
    allowed: 'one secret, or two separated by a comma, each of at least 32 characters',
    meaning:
      "Secret in the header Authorization of Okta's event hook, whose events say which codes people entered (`/events/okta`). For the org without a name. Set two while you rotate it. Without it and the next one, that address does not exist.",
    isSecret: true,
    deployed: inSecret('eventSecret'),
  }),
  orgSecrets: setting({
    name: 'HOOKLINE_ORG_EVENT_SECRETS',
    read: readOrgSecrets,
    allowed: 'name=secret, or several separated by commas, each secret of at least 32 characters',
    meaning:
      'The same for each org in `HOOKLINE_ORGS`. Each org needs its own secret, because the secret says whose users the events are about. Name an org twice while you rotate its secret.',
    isSecret: true,
    deployed: inSecret('eventSecret'),
  }),
  secretId: eventSecretId,
} as const

export type EventSecrets = Pick<ValuesOf<typeof events>, 'secrets' | 'orgSecrets'>

/** Orgs with the same secret: their events could answer each other's deliveries. */
export function eventSecretProblems({ secrets, orgSecrets }: EventSecrets): readonly string[] {
  return namesWithSameSecret(events.secrets.name, secrets, orgSecrets).map(
    names => `${names} have the same secret, so their events cannot be told apart. Give each its own secret.`,
  )
}
