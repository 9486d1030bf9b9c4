import type { CallerSettings } from '../config/callers.ts'
import type { EventSecrets } from '../config/event-settings.ts'
import type { EventOrg } from '../http/events.ts'
import { SECRET_HEADER_CALLER } from '../okta/caller.ts'

/** The orgs of the settings whose event hooks may call. The deliveries of an org with a name have its name as their caller. */
export function eventOrgs({
  callers,
  events,
}: {
  readonly callers: Pick<CallerSettings, 'issuer'>
  readonly events: EventSecrets
}): readonly EventOrg[] {
  const unnamed = [callers.issuer, SECRET_HEADER_CALLER].filter(caller => caller !== undefined)
  return [
    ...(events.secrets === undefined ? [] : [{ org: undefined, callers: unnamed, secrets: events.secrets }]),
    ...[...(events.orgSecrets ?? [])].map(([org, secrets]) => ({ org, callers: [org], secrets })),
  ]
}
