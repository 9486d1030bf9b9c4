import {
  judgeAllowedFor,
  judgeEnrolment,
  judgeProviders,
  judgeSignOn,
  type PhoneFault,
} from '../../okta/setup/judge-phone-use.ts'
import type { Optional, ReadOptional } from '../../okta/setup/optional.ts'
import type { Org } from '../../okta/setup/org.ts'
import { readPhoneUse } from '../../okta/setup/phone-use.ts'

/** What keeps people from a code by phone although all is set up, line by line; `doctor` finds the same. Nothing is changed. */
export async function describePhoneUse({ phone }: Org, optionally: ReadOptional): Promise<readonly string[]> {
  const { enrolment, signOn, providers } = await readPhoneUse(optionally)
  const parts = [
    ['phone use', judgeAllowedFor(phone?.allowedFor ?? 'any')],
    ['enrolment', judged(enrolment, judgeEnrolment)],
    ['sign-on', judged(signOn, judgeSignOn)],
    ['telephony providers', judged(providers, judgeProviders)],
  ] as const
  return parts.flatMap(([what, faults]) =>
    typeof faults === 'string'
      ? [`- skipped       ${what}: ${faults}`]
      : faults.map(
          ({ severity, cause, remedy }) =>
            `${severity === 'error' ? '✗' : '!'} ${what}: ${cause}\n  → ${remedy}`,
        ),
  )
}

function judged<T>(
  read: Optional<T>,
  judge: (value: T) => readonly PhoneFault[],
): readonly PhoneFault[] | string {
  return read.kind === 'skipped' ? read.why : judge(read.value)
}
