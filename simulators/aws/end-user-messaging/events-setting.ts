import {
  allowOnly,
  choice,
  flag,
  object,
  type Problem,
  readOrProblem,
  share,
  unfit,
  wholeNumber,
} from './control-input.ts'

/** Where message events are sent, and what they contain. Only `url` is required. */
export type EventsOptions = {
  /** Where events are posted: http or https on this machine (localhost, 127.x.x.x or [::1]). */
  readonly url: string
  /** As an SNS topic posts to its subscription, or as EventBridge posts to an API destination. Default: sns. */
  readonly form?: 'sns' | 'eventbridge'
  /** The topic; its region and account are also those of EventBridge. Default: hookline-receipts in us-east-1. */
  readonly topicArn?: string
  /** SNS's signature: "1" is SHA-1, "2" is SHA-256. Default: "1", as with SNS. */
  readonly signatureVersion?: '1' | '2'
  /** Milliseconds before each event of a message, or a range. Default: [50, 400]. */
  readonly delayMs?: number | readonly [min: number, max: number]
  /** The probability that an event is sent twice, from 0 to 1. Default: 0. */
  readonly duplicates?: number
  /** The probability that the events of a message are sent in any order, from 0 to 1. Default: 0. */
  readonly disorder?: number
  /**
   * How messages end. `by-number`: AWS's simulator numbers for failure fail, everything else is delivered. `none`: the
   * final event is never sent. Default: by-number.
   */
  readonly outcome?: 'by-number' | 'delivered' | 'undelivered' | 'none'
  /** Sends the first event at once, and answers the send call only after that attempt. Default: false. */
  readonly beforeAnswer?: boolean
}

/** The options with all defaults filled in. */
export type EventsSetting = Required<Omit<EventsOptions, 'delayMs'>> & {
  readonly delayMs: readonly [min: number, max: number]
}

/** Reads the options from JSON, or returns a problem. */
export function readEventsSetting(input: unknown): EventsSetting | Problem {
  return readOrProblem(() => {
    const options = { ...DEFAULTS, ...object('the setting', input) }
    allowOnly('the setting', options, ['url', ...Object.keys(DEFAULTS)])
    return {
      url: loopbackUrl(options.url),
      form: choice('form', options.form, ['sns', 'eventbridge']),
      topicArn: topicArn(options.topicArn),
      signatureVersion: choice('signatureVersion', options.signatureVersion, ['1', '2']),
      delayMs: range(options.delayMs),
      duplicates: share('duplicates', options.duplicates),
      disorder: share('disorder', options.disorder),
      outcome: choice('outcome', options.outcome, ['by-number', 'delivered', 'undelivered', 'none']),
      beforeAnswer: flag('beforeAnswer', options.beforeAnswer),
    }
  })
}

const DEFAULTS: Readonly<Record<string, unknown>> = {
  form: 'sns',
  topicArn: 'arn:aws:sns:us-east-1:123456789012:hookline-receipts',
  signatureVersion: '1',
  delayMs: [50, 400],
  duplicates: 0,
  disorder: 0,
  outcome: 'by-number',
  beforeAnswer: false,
}

/** Events contain phone numbers. Like messages, they never leave the machine. */
function loopbackUrl(input: unknown): string {
  const url = typeof input === 'string' ? URL.parse(input) : null
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:'
  if (url && isHttp && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)) return url.href
  throw unfit(
    'url',
    input,
    'an http or https URL of this machine, for example http://127.0.0.1:8080/receipts',
  )
}

function topicArn(input: unknown): string {
  if (typeof input === 'string' && TOPIC_ARN.test(input)) return input
  throw unfit('topicArn', input, 'the ARN of an SNS topic')
}

const TOPIC_ARN = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/

function range(input: unknown): readonly [number, number] {
  const [min, max] = Array.isArray(input) && input.length === 2 ? input : [input, input]
  const least = wholeNumber('delayMs', min, 0, DELAY_MS_MAX)
  return [least, wholeNumber('delayMs', max, least, DELAY_MS_MAX)]
}

const DELAY_MS_MAX = 3_600_000
