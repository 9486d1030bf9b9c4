import type { Command } from 'commander'
import { type Plan, plan, type Refusal } from '../core/plan.ts'
import { preparePolicy } from '../core/policy.ts'
import { reasons } from '../core/reason.ts'
import { readHookRequest } from '../okta/hook-request.ts'
import { type Asked, addAsked } from './asked.ts'
import { exitCodes, Problem } from './problem.ts'
import { type Tools, withStore } from './tools.ts'

/** `hookline explain`: the plan and each decision on the way. Nothing is sent, nothing is written down. */
export function explainCommand(command: Command, tools: Tools): void {
  addAsked(command)
    .option(
      '--okta-text <text>',
      "the text that Okta itself would send, with the code in it (Okta's msgTemplate)",
    )
    .action(async (asked: Explained) => {
      const planned = await explain(asked, tools)
      tools.print(
        asked.json ? JSON.stringify({ ...planned, text: textOf(planned) }, undefined, 2) : describe(planned),
      )
      if (planned.kind === 'refusal') tools.endWith(exitCodes.notSent)
    })
}

type Explained = Asked & { readonly oktaText?: string }

async function explain(asked: Explained, tools: Tools): Promise<Plan | Refusal> {
  const request = readHookRequest({
    requestType: `com.okta.user.telephony.${asked.purpose}`,
    data: {
      messageProfile: {
        phoneNumber: asked.to,
        deliveryChannel: asked.channel,
        locale: asked.locale,
        otpCode: asked.code ?? '123456',
        msgTemplate: asked.oktaText,
        otpExpires: new Date(tools.now() + 300_000).toISOString(),
      },
    },
  })
  if ('kind' in request) {
    const { meaning } = reasons[request.code]
    throw new Problem(
      'usage',
      `${meaning} (${request.code}) Given: --to ${asked.to} --channel "${asked.channel}".`,
    )
  }
  const stored = await withStore(tools, store => store.readPolicy())
  if (stored === undefined) throw new Error('The store gave no policy')
  return plan(request, preparePolicy(stored), tools.planRules(), tools.now())
}

function describe(planned: Plan | Refusal): string {
  const width = Math.max(...planned.decisions.map(({ step }) => step.length))
  const way = planned.decisions.map(({ step, sentence }) => `  ${step.padEnd(width)}  ${sentence}`)
  if (planned.kind === 'refusal') {
    const { actor, remedy } = reasons[planned.code]
    return [`Would not be sent: ${planned.code}`, ...way, '', `What to do (${actor}): ${remedy}`].join('\n')
  }
  return ['Would be sent:', ...way, '', `  ${textOf(planned)}`].join('\n')
}

/** The code was given or made up here, so the message may be shown. */
function textOf(planned: Plan | Refusal): string | undefined {
  return planned.kind === 'plan' ? planned.message.body.reveal() : undefined
}
