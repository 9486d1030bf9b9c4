import type { Command } from 'commander'
import type { Context } from '../terminal/context.ts'
import { exitCodes, Problem } from '../terminal/problem.ts'
import { addRequestOptions, type RequestOptions } from './request-options.ts'

type SendOptions = RequestOptions & { readonly okta: string; readonly carrier: string }

/** `hookline send`: has the Okta stand-in call the hook, and asks the carrier's stand-in what arrived. */
export function sendCommand(command: Command, context: Context): void {
  addRequestOptions(command)
    .option('--okta <url>', 'address of the Okta stand-in', 'http://127.0.0.1:8081')
    .option('--carrier <url>', 'address of the End User Messaging stand-in', 'http://127.0.0.1:8082')
    .action(async (options: SendOptions) => {
      const sent = await sendThroughOkta(options)
      context.print(options.json ? JSON.stringify(sent, undefined, 2) : describeSent(sent))
      if (sent.answer?.status !== 'SUCCESSFUL' || sent.delivered === undefined)
        context.endWith(exitCodes.notSent)
    })
}

export type Sent = {
  readonly eventId: string
  readonly verdict: { readonly kind: string; readonly sentence: string }
  readonly answer:
    | { readonly status: string; readonly provider: string; readonly transactionId: string }
    | undefined
  /** Okta's error object and debugContext, where the hook did not answer by a command. */
  readonly problem: unknown
  /** Milliseconds: the hook's answer alone, and with the token request. */
  readonly hookMs: number
  readonly totalMs: number
  /** What the phone got. */
  readonly delivered:
    | { readonly channel: string; readonly from: string; readonly body: string; readonly parts?: number }
    | undefined
}

export async function sendThroughOkta(options: Omit<SendOptions, 'json'>): Promise<Sent> {
  const { to, channel, locale, purpose, code } = options
  const call = (await ask(`${options.okta}/caller/calls`, { to, channel, locale, purpose, code })) as Call
  const answer = call.answer?.commands?.[0]?.value?.[0]
  const id = encodeURIComponent(answer?.transactionId ?? '')
  const messages =
    id === '' ? [] : ((await ask(`${options.carrier}/messages?messageId=${id}`)) as Sent['delivered'][])
  return {
    eventId: call.eventId,
    verdict: call.verdict,
    answer,
    problem: answer?.status === 'SUCCESSFUL' ? undefined : (call.answer?.debugContext ?? call.answer?.error),
    hookMs: Math.round(call.hookMs),
    totalMs: Math.round(call.totalMs),
    delivered: messages[0],
  }
}

export function describeSent(sent: Sent): string {
  const { delivered } = sent
  const lines = [`${sent.verdict.sentence} (${sent.hookMs} ms; ${sent.totalMs} ms with Okta's token request)`]
  if (sent.problem !== undefined) lines.push(`  ${JSON.stringify(sent.problem)}`)
  if (delivered !== undefined)
    lines.push(`  ${delivered.channel} from ${delivered.from}: ${readable(delivered.body)}`)
  else if (sent.answer?.status === 'SUCCESSFUL')
    lines.push(
      `  Nothing arrived: the hook refused it silently (HOOKLINE_BLOCKED_ANSWER). The reason: npx hookline deliveries --event ${sent.eventId}`,
    )
  return lines.join('\n')
}

/** SSML as people hear it; `--json` has it as delivered. */
function readable(body: string): string {
  return body
    .replace(/<break[^<>]*>/g, ' … ')
    .replace(/<[^<>]*>/g, '')
    .replace(/ +/g, ' ')
}

type Call = Pick<Sent, 'eventId' | 'verdict' | 'hookMs' | 'totalMs'> & {
  readonly answer?: {
    readonly commands?: readonly { readonly value?: readonly NonNullable<Sent['answer']>[] }[]
    readonly error?: unknown
    readonly debugContext?: unknown
  }
}

async function ask(url: string, body?: object): Promise<unknown> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(url, {
    ...(body !== undefined && init),
    redirect: 'error',
    signal: AbortSignal.timeout(10_000),
  }).catch(() => {
    throw new Problem(
      'unreachable',
      `Nothing answers at ${new URL(url).origin}. Is \`npm start\` running? Other addresses: --okta, --carrier.`,
    )
  })
  if (response.ok) return response.json()
  throw new Problem('usage', `${new URL(url).origin} answered ${response.status}: ${await response.text()}`)
}
