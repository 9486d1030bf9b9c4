import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type AccountSettings, answerApiGateway, answerIam, answerLambda } from './account.ts'
import { createCloudFormation } from './cloudformation.ts'
import { ACCOUNT, CALLER_ARN, type Faults, refusal } from './faults.ts'
import { type Answer, type ControlRequest, json, readRequest, send } from './http.ts'
import { queryAnswer, queryError, readQuery } from './query.ts'
import { createS3 } from './s3.ts'
import { createSmsVoice } from './sms-voice.ts'

export type AwsControl = {
  /** The endpoint for AWS's SDK, for each of the four services. */
  readonly url: string
  readonly close: () => Promise<void>
}

/**
 * Starts a stand-in for AWS's control plane: CloudFormation, S3, STS, the calls of `deploy` to IAM, API Gateway and
 * Lambda, and the account's side of End User Messaging. Everything is in memory. It also answers `PUT /faults`, `PUT
 * /account`, `PUT /protect`, `PUT /okta-ranges` (what Okta publishes, at `GET /okta-ranges`), `/objects/…` and `GET
 * /state`.
 */
export async function startAwsControl({
  port,
  now = () => new Date(),
  stepsAtOnce = 1,
}: {
  readonly port: number
  readonly now?: () => Date
  /** How many steps a stack moves on with each request about it. Default: 1. */
  readonly stepsAtOnce?: number
}): Promise<AwsControl> {
  let faults: Faults = {}
  let oktaRanges = JSON.stringify({ us_cell_1: { ip_ranges: ['192.0.2.0/24', '198.51.100.7/32'] } })
  const s3 = createS3(now)
  const account: AccountSettings = { serviceLinkedRoles: [], apiLogRole: undefined, roles: [] }
  const setApiLogRole = (arn: string): void => {
    account.apiLogRole = arn
  }
  const stacks = createCloudFormation({
    ...{ buckets: s3.buckets, faults: () => faults, now, stepsAtOnce, setApiLogRole },
  })
  const smsVoice = createSmsVoice(() => faults)

  function answer(request: ControlRequest): Answer {
    if (request.service === '') return answerTests(request)
    if (request.service === 's3') return refusal(faults, request, s3.actionOf(request)) ?? s3.answer(request)
    const body = request.body.toString('utf8')
    if (request.service === 'sms-voice') {
      const [, operation = ''] = String(request.headers['x-amz-target']).split('.')
      return refusal(faults, request, operation) ?? smsVoice.answer(operation, body)
    }
    if (request.service === 'apigateway')
      return refusal(faults, request, request.method) ?? answerApiGateway(request, account)
    if (request.service === 'lambda') {
      const functions = stacks.stacks.flatMap(one => [...one.functions.values()])
      return (
        refusal(faults, request, 'GetFunctionConfiguration') ??
        answerLambda(request, functions, faults.changedCode)
      )
    }
    const query = readQuery(body)
    const refused = refusal(faults, request, query.action)
    if (refused !== undefined) return refused
    if (request.service === 'cloudformation') return stacks.answer(query, request.region)
    if (request.service === 'iam') return answerIam(query, account)
    return request.service === 'sts' && query.action === 'GetCallerIdentity'
      ? queryAnswer(query.action, { Account: ACCOUNT, Arn: CALLER_ARN, UserId: 'AIDAEXAMPLE' })
      : queryError(400, 'InvalidAction', `The stand-in does not know ${request.service}:${query.action}`)
  }

  /** An unsigned request is no AWS call; it is for the stand-in itself. */
  function answerTests(request: ControlRequest): Answer {
    const route = `${request.method} ${request.path}`
    if (route === 'PUT /faults') {
      faults = JSON.parse(request.body.toString('utf8')) as Faults
      return { status: 204 }
    }
    if (route === 'PUT /account') {
      Object.assign(account, JSON.parse(request.body.toString('utf8')))
      return { status: 204 }
    }
    if (route === 'PUT /okta-ranges') {
      oktaRanges = request.body.toString('utf8')
      return { status: 204 }
    }
    if (route === 'GET /okta-ranges')
      return oktaRanges === ''
        ? { status: 503 }
        : { status: 200, contentType: 'application/json', body: oktaRanges }
    if (route === 'PUT /protect') {
      const { id, rules } = JSON.parse(request.body.toString('utf8')) as ProtectSetting
      const maps = Object.entries(rules).map(([name, own]) => [name, new Map(Object.entries(own))] as const)
      smsVoice.protect.set(id, new Map(maps))
      return { status: 204 }
    }
    // Another user of the account, with permissions that Hookline does not have.
    const [, path] = /^\/objects(\/.+)$/s.exec(request.path) ?? []
    if (path !== undefined) return s3.answer({ ...request, path })
    return route === 'GET /state'
      ? json(200, state())
      : (refusal(faults, request, '') ?? json(404, { message: `There is nothing at ${route}` }))
  }

  function state() {
    return {
      account,
      stacks: stacks.stacks.map(({ name, region, status, parameters, resources }) => ({
        name,
        region,
        status,
        parameters: Object.fromEntries(parameters),
        resources: Object.fromEntries([...resources].map(([resource, { status: is }]) => [resource, is])),
      })),
      buckets: [...s3.buckets].map(([name, { region, objects, settings }]) => ({
        name,
        region,
        keys: [...objects].flatMap(([key, [newest]]) => (newest?.body === undefined ? [] : [key])).sort(),
        versions: [...objects.values()].reduce((sum, versions) => sum + versions.length, 0),
        settings: Object.fromEntries(settings),
      })),
      protect: Object.fromEntries(
        [...smsVoice.protect].map(([id, rules]) => [
          id,
          Object.fromEntries([...rules].map(([name, own]) => [name, Object.fromEntries(own)])),
        ]),
      ),
      numberRules: Object.fromEntries(
        [...smsVoice.numberRules].map(([id, rules]) => [id, Object.fromEntries(rules)]),
      ),
    }
  }

  const server = createServer((request, response) => {
    readRequest(request)
      .then(request =>
        send(
          response,
          request === undefined ? json(413, { message: 'The body is too large' }) : answer(request),
        ),
      )
      .catch((error: unknown) =>
        // The client left, or the stand-in has a defect. The program must not exit in either case.
        response.headersSent ? response.destroy() : send(response, json(500, { message: String(error) })),
      )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type ProtectSetting = {
  readonly id: string
  /** Capability to country to status. */
  readonly rules: Readonly<Record<string, Readonly<Record<string, string>>>>
}
