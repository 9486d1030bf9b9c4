import type { Command } from 'commander'
import { digestsOfUser } from '../../core/records/delivery.ts'
import type { Person } from '../../core/records/person.ts'
import { readPhoneNumber } from '../../core/values/phone-number.ts'
import { isRefusal } from '../../core/values/reasons.ts'
import { Secret } from '../../core/values/secret.ts'
import type { Context } from '../terminal/context.ts'
import { readText, readUserName } from '../terminal/option-values.ts'
import { Problem } from '../terminal/problem.ts'

export type PersonOptions = { readonly user?: string; readonly phone?: string }

export function addPersonOptions(command: Command): Command {
  return command
    .option('--user <login>', 'the person, by login or user ID in Okta')
    .option('--phone <number>', 'the person, by number, as +34683783440')
}

/** The person of the options, by keyed digests. */
export async function readPersonOptions({ user, phone }: PersonOptions, context: Context): Promise<Person> {
  if (user === undefined && phone === undefined)
    throw new Problem('usage', 'Name the person with --user <login>, --phone <number> or both.')
  return {
    numberDigests: phone === undefined ? [] : await context.digests(numberOf(phone, context)),
    userDigests: user === undefined ? [] : await digestsOfUser(readUserName(user), context.digests),
  }
}

/** `--phone`, read as the hook reads it, so that both digests are of the same text. */
export function numberOf(phone: string, context: Pick<Context, 'planRules'>): string {
  const text = readText('--phone', phone, 'a phone number, such as +34683783440')
  const number = readPhoneNumber(new Secret(text), 'voice', context.planRules())
  const read = isRefusal(number) ? number.number : number
  return read?.e164.reveal() ?? text
}
