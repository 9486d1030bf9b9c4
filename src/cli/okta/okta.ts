import type { Command } from 'commander'
import type { OktaContext } from '../terminal/context.ts'
import { oktaPreviewCommand } from './preview.ts'
import { oktaSetupCommands } from './setup.ts'
import { oktaTeardownCommand } from './teardown.ts'

/** `hookline okta`: sets an org up, tries the hook, and removes what Hookline made. */
export function oktaCommand(okta: Command, context: OktaContext): void {
  okta.addHelpText('after', HELP)
  oktaSetupCommands(okta, context)
  oktaPreviewCommand(okta, context)
  oktaTeardownCommand(okta, context)
}

const HELP = `
Order: okta prepare, then deploy, then okta activate. If the deployment is already running: okta setup.

Several orgs that share one deployment: list them in orgs.json, and add --all, or --org with a name from the file:
  okta prepare --all, then deploy --orgs orgs.json, then okta activate --all --url <HookUrl>.

The credential: an API token from OKTA_API_TOKEN, --token-file or a prompt; or --client-id and --key-file of a service app.
It is never printed or stored. docs/okta.md explains each step, and how to do it by hand.`
