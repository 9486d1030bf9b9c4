import type { Delivery, OwnEnd } from '../../core/records/delivery.ts'
import { messageOf } from '../../core/values/printable.ts'
import { type ReasonCode, reasons } from '../../core/values/reasons.ts'

/** How a step ended: what was seen, what was expected if that differs, and what to do if it failed. */
export type CanaryEnd =
  | { readonly result: 'passed' | 'skipped'; readonly detail: string }
  | { readonly result: 'failed'; readonly detail: string; readonly remedy: string }

/** Every sentence of a canary, by step. */
export const canaryTexts = {
  notTried: (failed: string): CanaryEnd => skipped(`Not tried, because ${failed} failed.`),

  door: {
    refused: (url: string) => passed(`${url} answers 401 to a caller without a valid credential.`),
    answered: (url: string, status: number) =>
      failed(
        `${url} answered ${status} to a caller without a valid credential; expected 401.`,
        doorRemedy(status),
      ),
    threw: (error: unknown) => failed(`The hook's address does not answer: ${causeOf(error)}.`, DOOR_REMEDY),
    hung: (ms: number) => failed(`The hook's address did not answer within ${ms / 1_000} s.`, DOOR_REMEDY),
  },

  hook: {
    answered: (ms: number) => passed(`It answered in ${ms} ms.`),
    recorded: passed('It ran: the store has the delivery.'),
    notRecorded: failed(
      'The store has no delivery of this canary: the hook did not run, refused the canary, or could not write.',
      'Read the log of the hook, newest line first. If it was not called, check the rule that calls it each hour.',
    ),
    slow: (ms: number) =>
      failed(
        `It answered after ${ms} ms; Okta waits 3,000 ms.`,
        'Read durationMs in the log: it says which step is slow.',
      ),
    unusable: ({ status, text }: { readonly status: number; readonly text: string }) =>
      failed(
        `It answered ${status}${text === '' ? '' : `: ${text}`}; expected 200 with Okta's JSON.`,
        status === 401
          ? 'It does not accept the credential of this canary. Use the hash key of the server, and check that both clocks agree to within a minute.'
          : 'Read the log of the hook, newest line first.',
      ),
    threw: (error: unknown) =>
      failed(`It did not answer: ${causeOf(error)}.`, 'Read the log of the hook, newest line first.'),
    hung: (ms: number) =>
      failed(
        `It did not answer within ${ms / 1_000} s; Okta waits 3 s.`,
        'Read the log of the hook, newest line first.',
      ),
  },

  carrier: {
    accepted: (messageId: string) => passed(`It accepted the text as ${messageId}.`),
    notSent: (code: ReasonCode | undefined, detail: string) =>
      code === undefined
        ? failed('The text was not sent, and the hook did not say why.', 'Read the log of the hook.')
        : failed(
            `The text was not sent: ${code}. ${reasons[code].meaning} ${detail}`.trimEnd(),
            code === 'LIMIT_NUMBER' ? OWN_LIMITS : reasons[code].remedy,
          ),
    ofEnd: (end: OwnEnd): CanaryEnd => {
      switch (end.state) {
        case 'accepted':
          return canaryTexts.carrier.accepted(end.messageId)
        case 'sending':
          return failed(
            'The hook began to send, and has recorded no result.',
            'Read the log of the hook: it may have been stopped.',
          )
        case 'refused':
        case 'failed':
        case 'unknown':
          return canaryTexts.carrier.notSent(end.code, end.detail)
      }
    },
    threw: (error: unknown) => failed(causeOf(error), 'Report this.'),
    hung: (ms: number) => failed(`No result within ${ms / 1_000} s.`, 'Report this.'),
  },

  record: {
    found: (id: string) => passed(`The store has the delivery ${id}.`),
    noStore: skipped('There is no store here. Set HOOKLINE_DATA_DIR or HOOKLINE_TABLE as for the server.'),
    missing: failed(
      'The code was sent, but the store does not have its delivery.',
      'Use the same HOOKLINE_DATA_DIR or HOOKLINE_TABLE as the server. If they are, read the lines with store-unavailable in its log.',
    ),
    notEnded: ({ id, end }: Delivery) =>
      failed(
        `The carrier accepted the text, but the store has the delivery ${id} as ${end.state}.`,
        'Read the lines with store-unavailable in the log.',
      ),
    threw: (error: unknown) => failed(`The store cannot be read: ${causeOf(error)}.`, STORE_REMEDY),
    hung: (ms: number) => failed(`The store did not answer within ${ms / 1_000} s.`, STORE_REMEDY),
  },

  receipt: {
    delivered: (type: string) => passed(`A receipt arrived: ${type}.`),
    underWay: (type: string) => passed(`A receipt arrived, not the last one: ${type}.`),
    undeliverable: (type: string) =>
      failed(
        `The receipt says ${type}; AWS's simulator reports success for this number.`,
        'Check the origination identity with hookline identities check, and the AWS Health page for AWS End User Messaging.',
      ),
    missing: (ms: number) =>
      failed(
        `No receipt arrived within ${ms / 1_000} s.`,
        'Check the event destinations of the configuration set, and the subscription of the topic. Codes still go out, but it is not known whether they are delivered.',
      ),
    none: skipped('No receipts are set up here (HOOKLINE_RECEIPT_TOPICS), and none has arrived.'),
    notAwaited: skipped('Not awaited: --wait is 0.'),
    threw: (error: unknown) => failed(`The store cannot be read: ${causeOf(error)}.`, STORE_REMEDY),
    hung: (ms: number) => failed(`The store did not answer within ${ms / 1_000} s.`, STORE_REMEDY),
  },
} as const

function passed(detail: string) {
  return { result: 'passed', detail } as const
}

function skipped(detail: string) {
  return { result: 'skipped', detail } as const
}

function failed(detail: string, remedy: string) {
  return { result: 'failed', detail, remedy } as const
}

function doorRemedy(status: number): string {
  if (status < 300)
    return 'It accepts every caller, or is not a hook of Hookline. Check now what answers at this address.'
  if (status < 400)
    return 'It redirects, and Okta does not follow redirects. Use the final address, in Okta as well.'
  if (status === 403)
    return 'Something in front of the hook, such as a firewall, blocks the request. Check the address.'
  if (status === 404 || status === 405) return 'The path is wrong. Check the address, in Okta as well.'
  return 'Read the log of the proxy or the gateway, and of what authenticates callers.'
}

/** fetch hides the system's error in its cause. */
function causeOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : { cause: undefined }
  const { code } = (cause instanceof Error ? cause : error) as { readonly code?: unknown }
  const text = messageOf(cause instanceof Error && cause.message !== '' ? cause : error).replace(/\.$/, '')
  return typeof code === 'string' && !text.includes(code) ? `${text} (${code})` : text
}

const DOOR_REMEDY =
  'Check that the server runs. Then check, from outside, DNS, the certificate, and the proxy or gateway in front of it.'
/** `canaryLimits`. */
const OWN_LIMITS =
  'Canaries have limits of their own: 5 to a country in ten minutes, 10 in an hour, 50 in a day. Wait, and run fewer.'
const STORE_REMEDY = 'Check the store: hookline doctor says what is wrong with it.'
