import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { OktaAccess } from '../cli/okta/access.ts'
import { askingFields } from '../config/asking-fields.ts'
import { readFields } from '../config/field.ts'
import type { Environment } from '../config/settings.ts'
import { Secret } from '../core/secret.ts'
import { createCloudAccess } from './cloud-access.ts'

/** Okta's management API for the commands, over Okta's SDK, which is loaded when it is used. */
export function createOktaAccess(environment: Environment): OktaAccess {
  const { isAtTerminal, ask } = createCloudAccess(environment)
  return {
    open: async (orgUrl, credential, patience) => {
      const { createOktaApi } = await import('../adapters/okta/client.ts')
      return createOktaApi(orgUrl, credential, patience)
    },
    token: () => secretOf(environment.OKTA_API_TOKEN),
    hookSecret: () => secretOf(environment.HOOKLINE_SECRETS?.split(',')[0]),
    orgSecret: name => {
      const { HOOKLINE_ORG_SECRETS: secrets } = readFields(askingFields, environment).values
      return secrets?.get(name)?.[0]
    },
    isAtTerminal,
    ask,
    askHidden,
  }
}

function secretOf(text: string | undefined): Secret | undefined {
  const value = text?.trim() ?? ''
  return value === '' ? undefined : new Secret(value)
}

/** What is typed goes nowhere but into the answer: the terminal's own echo is off, and this one writes nothing. */
async function askHidden(question: string): Promise<Secret> {
  process.stdout.write(question)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 })
  const closed = new Promise<string>(resolve => terminal.once('close', () => resolve('')))
  terminal.once('SIGINT', () => terminal.close())
  try {
    return new Secret((await Promise.race([terminal.question(''), closed])).trim())
  } finally {
    terminal.close()
    process.stdout.write('\n')
  }
}
