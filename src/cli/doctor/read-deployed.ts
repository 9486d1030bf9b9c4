import { rangesBeyond } from '../../okta/address-ranges.ts'
import { codeKey } from '../deploy/code-release.ts'
import type { Cloud, Stack } from '../terminal/cloud.ts'
import type { DoctorContext } from './access.ts'
import { given, NotAsked, needed, readFact } from './fact.ts'
import type { Facts } from './facts.ts'
import { findStack } from './read-settings.ts'

/** What a stack's functions run, and whether its firewall knows Okta. Without a stack there is nothing to compare. */
export async function readDeployed(
  context: DoctorContext,
  { stack: name, region }: { readonly stack: string | undefined; readonly region: string | undefined },
): Promise<Pick<Facts, 'functionCode' | 'oktaAddresses'>> {
  if (name === undefined) {
    return {
      functionCode: { kind: 'read', value: [] },
      oktaAddresses: { kind: 'read', value: { missing: [] } },
    }
  }
  let cloud: Cloud | undefined
  try {
    const stack = await readFact(async () => {
      cloud = await context.cloud.open(region ?? context.homeRegion())
      return findStack(cloud, name)
    })
    const functionCode = await readFact(() =>
      readCode(given(cloud, 'It needs AWS.'), needed(stack, 'the stack')),
    )
    const oktaAddresses = await readFact(() => readAddresses(context, needed(stack, 'the stack')))
    return { functionCode, oktaAddresses }
  } finally {
    cloud?.close()
  }
}

async function readCode(cloud: Cloud, { parameters, outputs }: Stack) {
  const { account } = await cloud.whoAmI()
  const release = given(outputs.get('Release'), 'The stack is of a release that does not say which it is.')
  const bucket = parameters.get('CodeBucket') ?? ''
  const read = FUNCTIONS.map(async ({ archive, parameter, version, alias }) => {
    const known = parameters.get(version) ?? ''
    if (known === '') throw new NotAsked('The stack names no versions of its code: a pipeline deployed it.')
    const name = parameters.get(parameter) ?? ''
    const put = await cloud.codeBucket.checksumOf(bucket, account, codeKey(release, archive), known)
    return { name, put, runs: (await cloud.services.functionCode(name, alias))?.sha256 }
  })
  return Promise.all(read)
}

async function readAddresses({ cloud }: DoctorContext, { parameters }: Stack) {
  if (parameters.get('Firewall') === 'off') throw new NotAsked('The firewall is off.')
  const known = (parameters.get('OktaAddresses') ?? '').split(',')
  return { missing: rangesBeyond(await cloud.readOktaRanges(), known) }
}

const FUNCTIONS = [
  {
    archive: 'hook.zip',
    parameter: 'LambdaAPITriggerFunctionName',
    version: 'HookCodeVersion',
    // What the gateway calls.
    alias: 'live',
  },
  {
    archive: 'authorizer.zip',
    parameter: 'LambdaAuthorizerFunctionName',
    version: 'AuthorizerCodeVersion',
    alias: undefined,
  },
  {
    archive: 'receipts.zip',
    parameter: 'ReceiptsFunctionName',
    version: 'ReceiptsCodeVersion',
    alias: undefined,
  },
] as const
