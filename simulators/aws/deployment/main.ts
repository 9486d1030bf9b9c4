import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { runStandIn } from '../program.ts'
import type { TemplateDocument } from '../template/template.ts'
import { startDeployment } from './deployment.ts'

const HELP = `A finished CloudFormation template on this machine: API Gateway, Lambda, IAM, DynamoDB, SNS, EventBridge and Secrets
Manager as stand-ins. The functions run from their archives, each with the permissions of its role.

Usage: node simulators/aws/deployment/main.ts --template FILE --archives FOLDER --carrier URL
         --issuer URL --audience TEXT --client-id ID --scope SCOPE [--set NAME=VALUE]

  --template   the template, as YAML or JSON
  --archives   the folder of the archives of its functions
  --carrier    the address of End User Messaging's stand-in
  --issuer     of access tokens; with --audience, --client-id and --scope
  --set        a parameter of the template; as often as needed
  --help       this text

It prints the log of the functions.
`

runStandIn('a deployment on AWS', async () => {
  const text = { type: 'string', default: '' } as const
  const { values } = parseArgs({
    options: {
      ...{ template: text, archives: text, carrier: text },
      ...{ issuer: text, audience: text, 'client-id': text, scope: text },
      set: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(HELP)
    return undefined
  }
  const { template, archives, carrier, issuer, audience, 'client-id': clientId, scope } = values
  const missing = Object.entries({
    template,
    archives,
    carrier,
    issuer,
    audience,
    'client-id': clientId,
    scope,
  })
    .filter(([, value]) => value === '')
    .map(([name]) => `--${name}`)
  if (missing.length > 0) throw new Error(`${missing.join(', ')}: missing. --help explains the options.`)

  const deployment = await startDeployment({
    // YAML 1.1, as AWS reads it.
    template: parse(readFileSync(template, 'utf8'), { version: '1.1' }) as TemplateDocument,
    archives,
    parameters: Object.fromEntries(values.set.map(one => one.split(/=(.*)/s).slice(0, 2))),
    okta: { issuer, audience, clientId, scope },
    carrierUrl: carrier,
    logged: console.log,
  })
  const { stack, hookUrl, tables, secrets } = deployment
  const minute = (): void => {
    deployment.minute().catch(error => console.error('A schedule could not run:', error))
  }
  minute()
  const minutes = setInterval(minute, 60_000)
  const { HashKeySecretArn, TableName } = stack.outputs
  return {
    url: hookUrl,
    close: async () => {
      clearInterval(minutes)
      await deployment[Symbol.asyncDispose]()
    },
    about: {
      region: stack.region,
      dynamodb: tables.url,
      table: TableName ?? '',
      secret: secrets.get(HashKeySecretArn)?.text ?? '',
    },
  }
})
