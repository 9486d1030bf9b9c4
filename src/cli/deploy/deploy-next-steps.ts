import type { Stack } from '../terminal/cloud.ts'

/** The outputs of the stack, and what to do next. */
export function describeNextSteps(
  { outputs, parameters, name }: Stack,
  region: string,
  isInSandbox: boolean | undefined,
): string {
  const output = (key: string): string => outputs.get(key) ?? ''
  const stack = name === 'hookline' ? '' : ` --stack ${name}`
  const width = Math.max(0, ...[...outputs.keys()].map(key => key.length))
  const lines = [...outputs].map(([key, value]) => `  ${key.padEnd(width)}  ${value}`)
  return `
${lines.join('\n')}

The hook: ${output('HookUrl')}

1. Check that it answers, and refuses unauthenticated callers (401):

  curl -i -X POST ${output('HookUrl')} -d '{}'

2. Import routes and templates, from this machine:

  export AWS_REGION=${region}
  export HOOKLINE_TABLE=${output('TableName')}
  export HOOKLINE_SECRET_ID=${output('HashKeySecretArn')}
  npx hookline routes import routes.json
  npx hookline templates import templates.json
  npx hookline deliveries --follow
${outputs.has('ProtectConfigurationId') ? protect(output('ProtectConfigurationId')) : ''}
3. Turn it on in Okta (docs/okta.md):

  npx hookline okta activate ${orgOf(parameters)} --url ${output('HookUrl')}${header(parameters)}

  or by hand, Workflow > Inline Hooks > Add > Telephony:

${okta(parameters, output('HookUrl'), output('HookSecretArn'))}
${mail(parameters.get('AlarmEmail') ?? '')}${isInSandbox ? SANDBOX : ''}
Later, in the region ${region}: \`npx hookline deploy${stack}\` installs a new version and keeps the values that you gave. \`npx hookline destroy${stack}\` removes everything.`
}

/** All orgs of the orgs file; otherwise the org of the issuer, if the parameters have one. */
function orgOf(parameters: ReadonlyMap<string, string>): string {
  const issuer = parameters.get('OktaIssuer') ?? ''
  if ((parameters.get('OktaOrgs') ?? '') !== '') return '--all'
  return `--org ${URL.canParse(issuer) ? new URL(issuer).origin : 'https://<your org>'}`
}

function header(parameters: ReadonlyMap<string, string>): string {
  const name = parameters.get('SecretHeaderName') ?? ''
  return name === '' ? '' : ` --secret-header ${name}`
}

function protect(id: string): string {
  return `
  export HOOKLINE_PROTECT_CONFIGURATION=${id}
  npx hookline protect        # blocks every country that no route serves; shows first, --apply writes
`
}

function okta(parameters: ReadonlyMap<string, string>, url: string, hookSecretArn: string): string {
  const issuer = parameters.get('OktaIssuer') ?? ''
  const header = parameters.get('SecretHeaderName') ?? ''
  const rows =
    issuer === '' && header === ''
      ? [
          ['URL', url],
          [
            'Authentication',
            'OAuth 2.0, private key; client ID, token URL and scope of each org: see the orgs file',
          ],
        ]
      : issuer === ''
        ? [
            ['URL', url],
            ['Authentication', 'HTTP Headers'],
            ['Authentication field', header],
            ['Authentication secret', `in Secrets Manager: ${hookSecretArn}`],
          ]
        : [
            ['URL', url],
            ['Authentication', 'OAuth 2.0, private key'],
            ['Client ID', parameters.get('OktaClientId') ?? ''],
            ['Token URL', `${issuer}/v1/token`],
            ['Scope', parameters.get('OktaScope') ?? ''],
          ]
  return rows.map(([name = '', value = '']) => `  ${name.padEnd(21)}  ${value}`).join('\n')
}

function mail(address: string): string {
  return address === ''
    ? ''
    : `\nAWS sends a mail to ${address}. Confirm the subscription in it. Until then, no one gets alarms.\n`
}

const SANDBOX = `
The account is in the SMS and voice sandbox: codes only reach numbers that you verified (AWS End User Messaging,
"Verified destination numbers"). Ask AWS to move it to production; that takes about a day or more.
`
