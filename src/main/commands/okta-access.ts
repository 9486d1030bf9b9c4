import type { OktaAccess } from '../../cli/terminal/context.ts'
import { callers } from '../../config/callers.ts'
import { type Environment, textOf } from '../../config/environment.ts'
import { events } from '../../config/event-settings.ts'
import { readGroup } from '../../config/setting.ts'
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
    hookSecret: () => secretOf(textOf(callers.secrets, environment)?.split(',')[0]),
    orgSecret: name => readGroup(callers, environment).values.orgSecrets?.get(name)?.[0],
    eventSecret: org =>
      org === undefined
        ? secretOf(textOf(events.secrets, environment)?.split(',')[0])
        : readGroup(events, environment).values.orgSecrets?.get(org)?.[0],
    isAtTerminal: terminal.isAtTerminal,
    ask: async question => (await terminal.ask(question)) ?? '',
    askHidden: terminal.askHidden,
  }
}

function secretOf(text: string | undefined): Secret | undefined {
  const value = text?.trim() ?? ''
  return value === '' ? undefined : new Secret(value)
}
