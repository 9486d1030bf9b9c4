import type { Command } from 'commander'
import type { OktaContext } from '../terminal/context.ts'
import { oktaPreviewCommand } from './preview.ts'
import { oktaSetupCommands } from './setup.ts'
import { oktaTeardownCommand } from './teardown.ts'

/** `hookline okta`: an org set up, tried and cleared by command. */
export function oktaCommand(okta: Command, context: OktaContext): void {
  okta.addHelpText('after', HELP)
  oktaSetupCommands(okta, context)
  oktaPreviewCommand(okta, context)
  oktaTeardownCommand(okta, context)
}

const HELP = `
The order: okta prepare, then the deployment, then okta activate. With a deployment that runs already: okta setup.

Several orgs that share one deployment: name them in orgs.json, and say --all, or --org and a name of the file:
  okta prepare --all, then deploy --orgs orgs.json, then okta activate --all --url <HookUrl>.

The credential: an API token from OKTA_API_TOKEN, --token-file or a prompt; or --client-id and --key-file of a service app.
Nothing of it is printed or kept. docs/okta.md says what each step is for, and how to do it by hand.`
