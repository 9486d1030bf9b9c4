import type { Command } from 'commander'
import { gapOfCountry } from '../../advice/coverage/country-rules.ts'
import type { Gap } from '../../advice/coverage/coverage-texts.ts'
import { countryName } from '../../advice/coverage/neighbours.ts'
import { coverCountry } from '../../advice/coverage/route-coverage.ts'
import { type Explanation, explainDecision } from '../../advice/explain-plan.ts'
import { signatureOf } from '../../advice/lint/lint-signature.ts'
import { type Plan, plan, type RefusedPlan } from '../../core/plan/plan.ts'
import { type Policy, preparePolicy } from '../../core/policy/policy.ts'
import { isRefusal, reasons } from '../../core/values/reasons.ts'
import type { Channel } from '../../core/values/request.ts'
import { readHookRequest } from '../../okta/hook-request.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { exitCodes, Problem } from '../terminal/problem.ts'
import { addRequestOptions, type RequestOptions } from './request-options.ts'

/** `hookline explain`: the plan and each decision on the way. Nothing is sent or stored. */
export function explainCommand(command: Command, context: Context): void {
  addRequestOptions(command)
    .option(
      '--okta-text <text>',
      "the text that Okta itself would send, with the code in it (Okta's msgTemplate)",
    )
    .action(async (options: Options) => {
      const { planned, notes } = await explain(options, context)
      context.print(
        options.json
          ? JSON.stringify(
              { ...planned, decisions: explained(planned), text: textOf(planned), notes },
              undefined,
              2,
            )
          : [describe(planned), ...notes.map(note => `Note: ${note}`)].join('\n\n'),
      )
      if (planned.kind === 'refusal') context.endWith(exitCodes.notSent)
    })
}

type Options = RequestOptions & { readonly oktaText?: string }

type Explained = {
  readonly planned: Plan | RefusedPlan
  /** What the plan cannot know: what AWS or the country's operators do. */
  readonly notes: readonly string[]
}

async function explain(options: Options, context: Context): Promise<Explained> {
  const request = readHookRequest({
    requestType: `com.okta.user.telephony.${options.purpose}`,
    data: {
      messageProfile: {
        phoneNumber: options.to,
        deliveryChannel: options.channel,
        locale: options.locale,
        otpCode: options.code ?? '123456',
        msgTemplate: options.oktaText,
        otpExpires: new Date(context.now() + 300_000).toISOString(),
      },
    },
  })
  if (isRefusal(request)) {
    const { meaning } = reasons[request.code]
    throw new Problem(
      'usage',
      `${meaning} (${request.code}) Given: --to ${options.to} --channel "${options.channel}".`,
    )
  }
  const stored = await withStore(context, store => store.readPolicy())
  if (stored === undefined) throw new Error('The store gave no policy')
  const policy = await preparePolicy(stored)
  const planned = plan(request, policy, context.planRules(), context.now())
  return { planned, notes: notesOn(planned, policy, request.channel) }
}

function notesOn(planned: Plan | RefusedPlan, policy: Policy, channel: Channel): readonly string[] {
  const country = planned.destination?.country
  if (country === undefined) return []
  const gap = planned.kind === 'plan' ? gapOfPlan(planned) : coverCountry(policy, country, channel).gap
  return gap === undefined ? [] : [`${countryName(country)} (${country}) over ${channel}: ${gap.sentence}`]
}

/** Judges this message; `coverage` judges the templates. */
function gapOfPlan({ destination: { country }, message, candidates }: Plan): Gap | undefined {
  if (message.channel !== 'sms') return undefined
  return gapOfCountry(country, candidates, {
    hasIndiaTemplate: candidates.every(({ indiaTemplateId }) => indiaTemplateId !== undefined),
    unsigned: signatureOf(message.body.reveal()) === 'valid' ? [] : ['this one'],
  })
}

function explained({ decisions }: Plan | RefusedPlan): readonly Explanation[] {
  return decisions.map(explainDecision)
}

function describe(planned: Plan | RefusedPlan): string {
  const steps = explained(planned)
  const width = Math.max(...steps.map(({ step }) => step.length))
  const lines = steps.map(({ step, sentence }) => `  ${step.padEnd(width)}  ${sentence}`)
  // The number is from the command line, so it may be shown.
  const to = planned.destination?.e164.reveal()
  const readAs = to === undefined ? [] : [`  To ${to}`]
  if (planned.kind === 'refusal') {
    const { actor, remedy } = reasons[planned.code]
    const head = [`Would not be sent: ${planned.code}`, ...lines, '']
    return [...head, ...readAs, `What to do (${actor}): ${remedy}`].join('\n')
  }
  return ['Would be sent:', ...lines, '', ...readAs, `  ${textOf(planned)}`].join('\n')
}

/** The code is from the command line or made up here, so the message may be shown. */
function textOf(planned: Plan | RefusedPlan): string | undefined {
  return planned.kind === 'plan' ? planned.message.body.reveal() : undefined
}
