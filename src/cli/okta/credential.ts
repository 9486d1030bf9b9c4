import type { Command } from 'commander'
import { isLoopback } from '../../config/caller-problems.ts'
import { messageOf } from '../../core/values/printable.ts'
import { Secret } from '../../core/values/secret.ts'
import type { OktaApi, ReadOptional } from '../../okta/setup/okta-api.ts'
import type { Permission } from '../../okta/setup/step.ts'
import type { OktaAccess, OktaContext, OktaCredential } from '../terminal/context.ts'
import { readTextFile } from '../terminal/files.ts'
import { Problem } from '../terminal/problem.ts'
import { explainOktaError } from './okta-error.ts'

/** The credential of every `okta` command. */
export type CredentialOptions = {
  readonly org: string
  readonly tokenFile?: string
  readonly clientId?: string
  readonly keyFile?: string
  readonly keyId?: string
}

export function addCredentialOptions(command: Command): Command {
  return command
    .option('--token-file <file>', 'file with an API token (default: OKTA_API_TOKEN, else a prompt)')
    .option('--client-id <id>', 'instead of a token: client ID of a service app with admin rights')
    .option('--key-file <file>', 'private key of that service app, PEM or JWK')
    .option('--key-id <kid>', 'ID of that key, if the file does not have it')
}

/** Opens the org for one piece of work. An error of Okta becomes a problem that says what to do. */
export async function withOkta<T>(
  context: OktaContext,
  options: CredentialOptions,
  permissions: readonly Permission[],
  /** `open` opens the org again, for work that lasts longer than an access token. */
  work: (api: OktaApi, optionally: ReadOptional, open: () => Promise<OktaApi>) => Promise<T>,
): Promise<T> {
  const orgUrl = readOrgUrl(options.org)
  const credential = await readCredential(context, options, permissions)
  try {
    const patience = {
      pause: context.pause,
      onWait: (seconds: number) =>
        context.print(`… waiting ${seconds} s: Okta's rate limit for this org is used up`),
    }
    const open = () => context.okta.open(orgUrl, credential, patience)
    const api = await open()
    const optionally: ReadOptional = async (scope, read) => {
      try {
        // Okta refuses the whole token if one scope was not granted.
        const own =
          credential.kind === 'token'
            ? api
            : await context.okta.open(orgUrl, { ...credential, scopes: [scope] }, patience)
        return { kind: 'read', value: await read(own) }
      } catch (error) {
        const explained = explainOktaError(error, orgUrl)
        return { kind: 'skipped', why: `It needs the scope ${scope}. ${messageOf(explained)}` }
      }
    }
    return await work(api, optionally, open)
  } catch (error) {
    throw explainOktaError(error, orgUrl)
  }
}

export function readOrgUrl(text: string): string {
  const url = URL.parse(text)
  const isAddress =
    url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)))
  if (!isAddress || url.pathname !== '/' || url.search !== '' || url.username !== '') {
    throw new Problem(
      'usage',
      `--org is "${text}"; expected the org's address alone: https://example.okta.com, or its name in an orgs file (--orgs).`,
    )
  }
  if (/-admin\./.test(url.hostname)) {
    throw new Problem(
      'usage',
      `--org is "${text}", the address of the admin console. Give the org's own: https://${url.hostname.replace('-admin.', '.')}.`,
    )
  }
  return url.origin
}

async function readCredential(
  context: OktaContext,
  { tokenFile, clientId, keyFile, keyId }: CredentialOptions,
  scopes: readonly Permission[],
): Promise<OktaCredential> {
  if (clientId !== undefined || keyFile !== undefined) {
    if (clientId === undefined || keyFile === undefined) {
      throw new Problem('usage', 'A service app needs both: --client-id and --key-file.')
    }
    if (tokenFile !== undefined) {
      throw new Problem(
        'usage',
        'Two credentials are given: --token-file, and --client-id with --key-file. Give one of them.',
      )
    }
    const privateKey = new Secret(await readTextFile(keyFile))
    if (!/PRIVATE KEY|"d"\s*:/.test(privateKey.reveal())) {
      throw new Problem(
        'usage',
        `${keyFile} contains no private key; expected PEM (-----BEGIN PRIVATE KEY-----) or JWK.`,
      )
    }
    return { kind: 'app', clientId, privateKey, keyId, scopes }
  }
  const token = await readToken(context, tokenFile)
  // A token is one word; the HTTP client would fail on anything else with an unclear error.
  if (/^[\x21-\x7e]+$/.test(token.reveal())) return { kind: 'token', token }
  const where = tokenFile === undefined ? 'The API token' : tokenFile
  throw new Problem('settings', `${where} is not one word; expected an API token and nothing else.`)
}

async function readToken(context: OktaContext, tokenFile: string | undefined): Promise<Secret> {
  if (tokenFile !== undefined) return new Secret((await readTextFile(tokenFile)).trim())
  const configured = context.okta.token()
  if (configured !== undefined) return configured
  if (context.okta.isAtTerminal)
    return context.okta.askHidden('API token of an administrator (not shown or stored): ')
  throw new Problem(
    'settings',
    "There is no API token. Set OKTA_API_TOKEN, or give --token-file; or --client-id with --key-file for a service app. Create one in Okta's admin console: Security > API > Tokens.",
  )
}

/** The secret of the hook's header: from a file, the environment or the terminal. Never from an argument. */
export async function readHookSecret(context: OktaContext, file: string | undefined): Promise<Secret> {
  return checkSecret(await findHookSecret(context, file), "hook's secret", 'HOOKLINE_SECRETS')
}

/** Rejects a secret that the deployment would reject. */
export function checkSecret(secret: Secret, what: string, setting: string): Secret {
  const { length } = secret.reveal()
  if (length >= SECRET_LENGTH_MIN && /^[\x21-\x2b\x2d-\x7e]+$/.test(secret.reveal())) return secret
  throw new Problem(
    'settings',
    `The ${what} has ${length} characters; expected at least ${SECRET_LENGTH_MIN}, without spaces or commas, as in ${setting} of the deployment.`,
  )
}

async function findHookSecret(context: OktaContext, file: string | undefined): Promise<Secret> {
  if (file !== undefined) return new Secret((await readTextFile(file)).trim())
  const configured = context.okta.hookSecret()
  if (configured !== undefined) return configured
  if (context.okta.isAtTerminal) return context.okta.askHidden("The hook's secret (not shown or stored): ")
  throw new Problem(
    'settings',
    "There is no secret for the hook's header. Set HOOKLINE_SECRETS, or give --secret-file.",
  )
}

/** Asks each question once; the answer is reused. */
export function askingOnce(okta: OktaAccess): OktaAccess {
  const answers = new Map<string, ReturnType<OktaAccess['askHidden']>>()
  return {
    ...okta,
    askHidden: question => {
      const answer = answers.get(question) ?? okta.askHidden(question)
      answers.set(question, answer)
      return answer
    },
  }
}

/** As the deployment requires it. */
const SECRET_LENGTH_MIN = 32
