import type { Command } from 'commander'
import type { ChangeLog, LoggedChange } from '../../core/policy/change-log.ts'
import { statusOf } from '../../core/records/delivery.ts'
import { changeAbout, overridesAbout, type Person } from '../../core/records/person.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { logLookUp } from '../terminal/look-up.ts'
import { addPersonOptions, type PersonOptions, readPersonOptions } from './person-options.ts'

/** `hookline export-person`: everything that is kept about one person, as JSON. */
export function exportPersonCommand(command: Command, context: Context): void {
  addPersonOptions(command).action(async (options: PersonOptions) => {
    const named = await readPersonOptions(options, context)
    await withStore(context, async store => {
      const { numberDigests, userDigests } = named
      if (userDigests.length > 0) await logLookUp(store, { name: 'user', digests: userDigests }, context)
      if (numberDigests.length > 0)
        await logLookUp(store, { name: 'number', digests: numberDigests }, context)
      const { person, deliveries, records } = await store.readPerson(named)
      const { overrides } = (await store.readPolicy())?.fraud ?? { overrides: [] }
      const exported = {
        exportedAt: timeOf(context.now()),
        digests: { numbers: person.numberDigests, users: person.userDigests },
        deliveries: deliveries.map(delivery => ({
          status: statusOf(delivery),
          openedAtUtc: timeOf(delivery.openedAt),
          ...delivery,
        })),
        fraudRecords: records.map(({ org, key, record }) => ({
          org,
          about: key.startsWith('phone#') ? 'phone' : 'user',
          digest: key.slice(key.indexOf('#') + 1),
          ...record,
        })),
        overrides: overridesAbout(overrides, person),
        changes: await changesAbout(store, person),
      }
      context.print(JSON.stringify(exported, undefined, 2))
    })
  })
}

/** The entries of the log of changes, oldest first. */
async function changesAbout(
  { listChanges }: Pick<ChangeLog, 'listChanges'>,
  person: Person,
): Promise<readonly Omit<LoggedChange, 'position'>[]> {
  const found: Omit<LoggedChange, 'position'>[] = []
  for (let before: string | undefined; ; ) {
    const page = await listChanges({ limit: AT_ONCE, ...(before !== undefined && { before }) })
    found.push(...page.flatMap(({ position: _, ...entry }) => changeAbout(entry, person) ?? []))
    before = page.at(-1)?.position
    if (page.length < AT_ONCE) return found.toReversed()
  }
}

const AT_ONCE = 1_000

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
