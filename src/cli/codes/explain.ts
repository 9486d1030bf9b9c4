import type { Command } from 'commander'
import { type Explanation, explainDecision } from '../../advice/explain-plan.ts'
import { type Explained, explainRequest } from '../../advice/explain-request.ts'
import type { Plan, RefusedPlan } from '../../core/plan/plan.ts'
import { preparePolicy } from '../../core/policy/policy.ts'
import { digestsOfUser } from '../../core/records/delivery.ts'
import { isRefusal, reasons } from '../../core/values/reasons.ts'
import { readExample } from '../../okta/hook-request.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { logLookUp } from '../terminal/look-up.ts'
import { readUserName } from '../terminal/option-values.ts'
import { exitCodes, Problem } from '../terminal/problem.ts'
import { explainRule, type RuleOptions } from './explain-rule.ts'
import { addRequestOptions, type RequestOptions } from './request-options.ts'

/** `hookline explain`: the plan and each decision on the way. Nothing is sent or stored. */
export function explainCommand(command: Command, context: Context): void {
  addRequestOptions(command)
    .option(
      '--okta-text <text>',
      "the text that Okta itself would send, with the code in it (Okta's msgTemplate)",
    )
    .option('--user <login>', 'ask the fraud rule too: login or user ID in Okta of the person')
    .option('--from <address>', 'ask the fraud rule too: address from which the code is requested')
    .option(
      '--org <name>',
      'ask the fraud rule too: the org, as `deliveries` names it (default: that of the last delivery)',
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

type Options = RequestOptions & RuleOptions & { readonly oktaText?: string }

async function explain(input: Options, context: Context): Promise<Explained> {
  const options = input.user === undefined ? input : { ...input, user: readUserName(input.user) }
  const request = readExample(options, context.now())
  if (isRefusal(request)) {
    const { meaning } = reasons[request.code]
    throw new Problem(
      'usage',
      `${meaning} (${request.code}) Given: --to ${options.to} --channel "${options.channel}".`,
    )
  }
  return withStore(context, async store => {
    const stored = await store.readPolicy()
    if (stored === undefined) throw new Error('The store returned no policy')
    const policy = await preparePolicy(stored)
    const { planned, notes } = explainRequest(request, policy, context.planRules(), context.now())
    const { user, from, org } = options
    if (planned.kind === 'refusal' || (user ?? from ?? org) === undefined) return { planned, notes }
    // To ask what the rule knows of a person is to look them up.
    if (user !== undefined)
      await logLookUp(store, { name: 'user', digests: await digestsOfUser(user, context.digests) }, context)
    const numbers = await context.digests(planned.destination.e164.reveal())
    await logLookUp(store, { name: 'number', digests: numbers }, context)
    return {
      planned,
      notes: [...notes, await explainRule(request, planned, policy, store, options, context)],
    }
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
