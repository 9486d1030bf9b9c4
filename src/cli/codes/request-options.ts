import type { Command } from 'commander'

/** The options that `send` and `explain` share. */
export type RequestOptions = {
  readonly to: string
  readonly channel: string
  readonly locale?: string
  readonly purpose: string
  readonly code?: string
  readonly json?: boolean
}

export function addRequestOptions(command: Command): Command {
  return command
    .requiredOption('--to <number>', 'phone number, as Okta would send it: +34683783440')
    .option('--channel <channel>', "SMS or voice call, in any of Okta's spellings", 'SMS')
    .option('--locale <locale>', 'language of the user, such as en or es_MX')
    .option(
      '--purpose <purpose>',
      'pre-enrollment, mfa-verification, account-unlock or password-reset',
      'mfa-verification',
    )
    .option('--code <digits>', 'the code, 4 to 10 digits (default: six random digits)')
    .option('--json', 'print JSON, for programs')
}
