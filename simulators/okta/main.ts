import { parseArgs } from 'node:util'
import { type Behaviours, parseBehaviours } from './management/behaviours.ts'
import type { Okta, OktaOptions } from './okta.ts'
import { startOkta } from './server.ts'

const HELP = `The stand-in for Okta: an authorization server, and a caller of the telephony hook.

  --port 8081              where it listens; 0 for any free port
  --host 127.0.0.1         the address it listens on
  --hook-url URL           where the hook is, such as http://127.0.0.1:8080/mfa; can be set later
  --secret-header NAME     send a secret in this header instead of an access token;
                           its value is read from the environment: HOOK_SECRET
  --org empty              a new org without anything, to be set up by Okta's management API; its API
                           token is read from the environment, OKTA_API_TOKEN, or made up
  --service-app            give the org a service app that may use the management API
  --public-key flat        how an org answers the public half of a hook key: flat or embedded
  --execute commands       what an org's execute answers: all, commands or strict
  --limit-ms 3000          how long a call may take, token request included
  --help                   this text

GET / on its address tells what it can do.
`

await main()

/**
 * The program: reads its arguments, starts, prints its address, and exits on a signal or with the parent process.
 */
async function main(): Promise<void> {
  const options = readOptions()
  if (typeof options === 'string') return end(options)

  const { promise: stopped, resolve: stop } = Promise.withResolvers<unknown>()
  for (const event of ['SIGINT', 'SIGTERM', 'disconnect']) process.once(event, stop)

  const okta = await startOkta(options).catch((error: unknown) => sayWhy(error, options))
  if (typeof okta === 'string') return end(okta)
  announce(okta)

  await stopped
  await okta.close()
  process.exit(0)
}

/** The options, or a text to print before it exits. */
function readOptions(): OktaOptions | string {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '8081' },
        host: { type: 'string', default: '127.0.0.1' },
        'hook-url': { type: 'string' },
        'secret-header': { type: 'string' },
        org: { type: 'string' },
        'service-app': { type: 'boolean', default: false },
        'public-key': { type: 'string' },
        execute: { type: 'string' },
        'limit-ms': { type: 'string', default: '3000' },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return HELP
    const secret = values['secret-header']
    if (values.org !== undefined && (secret || values['hook-url'])) {
      return "--org cannot be used with --hook-url or --secret-header: they are set in the org's hook."
    }
    return {
      port: wholeNumber('port', values.port, 65_535),
      host: values.host,
      limitMs: wholeNumber('limit-ms', values['limit-ms'], 60_000),
      ...(values.org !== undefined && {
        org: emptyOrg(values.org),
        serviceApp: values['service-app'],
        behaviours: behavioursOf(values['public-key'], values.execute),
      }),
      ...(process.env.OKTA_API_TOKEN && { apiToken: process.env.OKTA_API_TOKEN }),
      ...(values['hook-url'] && { hookUrl: httpAddress(values['hook-url']) }),
      ...(secret && { secretHeader: { name: secret, value: secretValue() } }),
    }
  } catch (error) {
    return `${error instanceof Error ? error.message : error}`
  }
}

function wholeNumber(name: string, text: string, max: number): number {
  if (/^\d{1,6}$/.test(text) && Number(text) <= max) return Number(text)
  throw new Error(`--${name} is "${text}"; expected a whole number up to ${max}.`)
}

function emptyOrg(text: string): 'empty' {
  if (text === 'empty') return text
  throw new Error(`--org is "${text}"; expected empty, the only kind of org.`)
}

function behavioursOf(publicKey: string | undefined, execute: string | undefined): Partial<Behaviours> {
  const behaviours = parseBehaviours({
    ...(publicKey !== undefined && { publicKey }),
    ...(execute !== undefined && { execute }),
  })
  if (behaviours) return behaviours
  throw new Error('--public-key is flat, embedded or without-n; --execute is all, commands or strict.')
}

function httpAddress(text: string): string {
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text
  throw new Error(`--hook-url is "${text}"; expected an http or https address.`)
}

function secretValue(): string {
  const value = process.env.HOOK_SECRET
  if (value) return value
  throw new Error('--secret-header needs the secret in the environment variable HOOK_SECRET.')
}

function sayWhy(error: unknown, { port, host }: OktaOptions): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return `Port ${port} is already in use; choose another one with --port.`
  if (code === 'EACCES')
    return `Port ${port} needs more rights than this program has; choose one above 1023 with --port.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `"${host}" is not an address of this machine.`
  throw error
}

function announce({ url, issuer, audience, clientId, scope, org }: Okta): void {
  const client = org ? 'an empty org, GET /org/credentials' : `client ${clientId}, scope ${scope}`
  console.log(`Okta's stand-in is at ${url}, issuer ${issuer}, ${client}`)
  if (process.connected) process.send?.({ ready: url, issuer, audience, clientId, scope })
}

function end(text: string): void {
  if (text === HELP) {
    process.stdout.write(text)
    return
  }
  console.error(text)
  process.exit(1)
}
