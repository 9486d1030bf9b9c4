import type { OktaAccess } from '../../cli/terminal/context.ts'
import { askingFields } from '../../config/asking-fields.ts'
import { readFields } from '../../config/field.ts'
import type { Environment } from '../../config/settings.ts'
import { Secret } from '../../core/values/secret.ts'
import type { Terminal } from '../terminal.ts'

/** Okta's management API for the commands, whose client is loaded when it is used. */
export function createOktaAccess(environment: Environment, terminal: Terminal): OktaAccess {
  return {
    open: async (orgUrl, credential, patience) => {
      const { createOktaApi } = await import('../../adapters/okta/client.ts')
      return createOktaApi(orgUrl, credential, patience, environment)
    },
    token: () => secretOf(environment.OKTA_API_TOKEN),
    hookSecret: () => secretOf(environment.HOOKLINE_SECRETS?.split(',')[0]),
    orgSecret: name => {
      const { HOOKLINE_ORG_SECRETS: secrets } = readFields(askingFields, environment).values
      return secrets?.get(name)?.[0]
    },
    isAtTerminal: terminal.isAtTerminal,
    ask: async question => (await terminal.ask(question)) ?? '',
    askHidden: terminal.askHidden,
  }
}

function secretOf(text: string | undefined): Secret | undefined {
  const value = text?.trim() ?? ''
  return value === '' ? undefined : new Secret(value)
}
