import { Secret } from '../../core/values/secret.ts'
import type { OktaContext } from '../terminal/context.ts'
import { readTextFile } from '../terminal/files.ts'
import { Problem } from '../terminal/problem.ts'

/** The secret of the hook's header: from a file, the environment, or somebody who types it. Never from an argument. */
export async function readHookSecret(context: OktaContext, file: string | undefined): Promise<Secret> {
  const secret = await findSecret(context, file)
  const { length } = secret.reveal()
  if (length >= LENGTH_MIN && /^[\x21-\x2b\x2d-\x7e]+$/.test(secret.reveal())) return secret
  throw new Problem(
    'settings',
    `The hook's secret has ${length} characters; expected at least ${LENGTH_MIN}, without blanks or commas, as in HOOKLINE_SECRETS of the deployment.`,
  )
}

async function findSecret(context: OktaContext, file: string | undefined): Promise<Secret> {
  if (file !== undefined) return new Secret((await readTextFile(file)).trim())
  const known = context.okta.hookSecret()
  if (known !== undefined) return known
  if (context.okta.isAtTerminal) return context.okta.askHidden("The hook's secret (not shown, not kept): ")
  throw new Problem(
    'settings',
    "There is no secret for the hook's header. Set HOOKLINE_SECRETS, or give --secret-file.",
  )
}

/** As the deployment wants it. */
const LENGTH_MIN = 32
