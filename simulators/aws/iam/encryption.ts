import type { Resource, Stack } from '../template/stack.ts'
import { mayUse, type ServiceCall } from './resource-policies.ts'

/** Why a service cannot use data encrypted with a key of the template; undefined if it can. */
export function whyNotEncrypted(
  stack: Stack,
  keyId: unknown,
  call: Omit<ServiceCall, 'action'>,
  actions: readonly string[] = ['kms:GenerateDataKey', 'kms:Decrypt'],
): string | undefined {
  const key = keyId === undefined ? undefined : keyNamed(stack, keyId)
  const refused = key && actions.find(action => !mayUse(stack, key, { ...call, action }))
  return refused && `${call.service} may not ${refused} with ${key.logicalId}`
}

/** The key of an ID, an ARN or an alias; undefined for AWS's own keys, which need no permission. */
export function keyNamed(stack: Stack, keyId: unknown): Resource | undefined {
  const alias = stack.find('AWS::KMS::Alias', keyId)
  const key = stack.find('AWS::KMS::Key', alias?.properties.TargetKeyId ?? keyId)
  if (key === undefined && !String(keyId).startsWith('alias/aws/')) {
    throw new Error(`There is no key ${keyId} in the template`)
  }
  return key
}

/** CloudWatch Logs refuses a log group whose key it cannot use: the deployment would fail. */
export function checkLogGroups(stack: Stack): void {
  for (const { logicalId, ref, properties } of stack.ofType('AWS::Logs::LogGroup')) {
    const sourceArn = `arn:aws:logs:${stack.region}:${stack.account}:log-group:${ref}`
    const service = `logs.${stack.region}.amazonaws.com`
    const context = { 'kms:EncryptionContext:aws:logs:arn': sourceArn }
    const actions = [
      'kms:Encrypt',
      'kms:Decrypt',
      'kms:ReEncryptTo',
      'kms:GenerateDataKey',
      'kms:DescribeKey',
    ]
    const why = whyNotEncrypted(stack, properties.KmsKeyId, { service, sourceArn, context }, actions)
    if (why !== undefined) throw new Error(`${logicalId} cannot be created: ${why}`)
  }
}
