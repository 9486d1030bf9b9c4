import { wholeNumberIn } from '../../advice/fraud/read-whom.ts'
import type { Override } from '../../core/policy/fraud-policy.ts'
import { withCloud } from '../terminal/aws-error.ts'
import type { CloudContext } from '../terminal/context.ts'
import { exitCodes, Problem } from '../terminal/problem.ts'

/**
 * Does the same at AWS for a whole number, where a protect configuration is set: AWS would otherwise block what is allowed
 * here. Ours is in force already, so a failure is reported and changes nothing. Undefined where nothing is to be done.
 */
export async function numberAtAws(
  context: CloudContext,
  text: string | undefined,
  override: Pick<Override, 'what' | 'until'> | 'remove',
): Promise<string | undefined> {
  const id = context.cloud.protectConfiguration()
  const number = text === undefined ? undefined : wholeNumberIn(text, context.planRules())
  if (id === undefined || number === undefined) return undefined
  let done = ''
  try {
    await withCloud(context, undefined, async ({ account }) => {
      if (override === 'remove')
        done = (await account.removeNumberRule(id, number))
          ? `Removed from ${id} at AWS too.`
          : `${id} at AWS has no rule for it.`
      else {
        await account.putNumberRule(id, number, override.what === 'deny' ? 'BLOCK' : 'ALLOW', override.until)
        done = `The same rule is in ${id} at AWS.`
      }
    })
    return done
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    context.endWith(exitCodes.notSent)
    return `The rule could not be changed in ${id} at AWS. ${error.message}`
  }
}
