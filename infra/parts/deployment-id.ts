import { createHash } from 'node:crypto'
import type { Stack } from 'aws-cdk-lib'

/**
 * A deployment of API Gateway is a picture of the API at one moment. Its ID holds a hash of what is in the
 * picture: CloudFormation takes a new one when anything of it changes.
 */
export function deploymentId(stack: Stack, way: string, picture: unknown): string {
  const resolved = JSON.stringify(stack.resolve(picture))
  return `Api${way}${createHash('sha256').update(resolved).digest('hex').slice(0, 12)}`
}
