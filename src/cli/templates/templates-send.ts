import type { Command } from 'commander'
import { describeSent, planTestSend } from '../../advice/test-send.ts'
import type { Attempt, SendResult } from '../../core/deliver/ports.ts'
import { Secret } from '../../core/values/secret.ts'
import { SIMULATOR_NUMBER } from '../okta/check-hook.ts'
import { confirm } from '../terminal/confirm.ts'
import { type CloudContext, withStore } from '../terminal/context.ts'
import { exitCodes, Problem } from '../terminal/problem.ts'
import { findByName, noSuchTemplate, readTemplateName } from './template-names.ts'

export type SendContext = CloudContext & {
  /** Hands one message to AWS, once. Never rejects because of AWS's answer. */
  readonly sendOnce: (attempt: Attempt) => Promise<SendResult>
}

/** `hookline templates send`: one template as it is in force, for real, with a sample code. */
export function templatesSendCommand(templates: Command, context: SendContext): void {
  templates
    .command('send <name>')
    .description(
      "Send one template as it is in force, with a sample code: to AWS's simulator, or to a number after a confirmation. It is billed.",
    )
    .option(
      '--to <number>',
      "phone number, with + and country code; the default is AWS's simulator",
      SIMULATOR_NUMBER,
    )
    .option('--yes', 'do not ask, for pipelines')
    .action(async (text: string, { to, yes }: { readonly to: string; readonly yes?: boolean }) => {
      const name = readTemplateName(text)
      const stored = await withStore(context, store => store.readPolicy())
      if (stored === undefined) throw new Error('The store returned no policy')
      const template = findByName(stored.templates, name)
      if (template === undefined) throw noSuchTemplate(text, stored.templates)
      const planned = planTestSend(template, new Secret(to), stored, context.planRules(), context.now())
      if (planned.kind === 'refused') throw new Problem('notSent', planned.why)
      const { attempt } = planned
      if (to !== SIMULATOR_NUMBER && !yes && !(await mayReach(attempt, context))) {
        context.print('Nothing was sent.')
        return
      }
      const result = await context.sendOnce(attempt)
      if (result.kind !== 'accepted') context.endWith(exitCodes.notSent)
      context.print(describeSent(result, attempt))
    })
}

async function mayReach({ destination }: Attempt, { cloud }: SendContext): Promise<boolean> {
  if (!cloud.isAtTerminal) throw new Problem('usage', 'Nobody can answer here. Add --yes to send it.')
  return confirm(cloud.ask, `Send a real message to the number that ends in ${destination.lastDigits}?`)
}
