import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { App, Stack, Validations } from 'aws-cdk-lib'
import { CfnRole } from 'aws-cdk-lib/aws-iam'
import { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { CfnQueue } from 'aws-cdk-lib/aws-sqs'
import { synthesizeStack } from '../../infra/build/synthesize.ts'
import { deploymentId } from '../../infra/parts/api.ts'

describe('the gate before every template', () => {
  test('stops a wildcard without an acknowledgement, and says where it is', () => {
    assert.throws(
      () => synthesizeStack(stack => void roleThatMayDo(stack, ['dynamodb:*'])),
      /AwsSolutions-IAM5\[Action::dynamodb:\*\]/,
    )
  })

  test('lets it through once it is acknowledged with a reason', () => {
    const template = synthesizeStack(stack => {
      const role = roleThatMayDo(stack, ['dynamodb:*'])
      Validations.of(role).acknowledge({ id: 'AwsSolutions-IAM5[Action::dynamodb:*]', reason: 'a test' })
    })
    assert.match(JSON.stringify(template), /dynamodb:\*/)
  })

  test('stops a template that CloudFormation would refuse', () => {
    assert.throws(
      () =>
        synthesizeStack(
          stack =>
            new CfnFunction(stack, 'Function', {
              code: { s3Bucket: 'b', s3Key: 'k' },
              role: 'arn:aws:iam::111122223333:role/r',
              runtime: 'nodejs24.x',
              handler: 'index.handler',
              timeout: 9_000,
            }),
        ),
      /CloudFormation.Validate/,
    )
  })

  test('stops a queue that takes messages without TLS', () => {
    assert.throws(() => synthesizeStack(stack => new CfnQueue(stack, 'Queue')), /AwsSolutions-SQS4/)
  })
})

describe('the ID of a deployment of the API', () => {
  const stack = new Stack(new App(), 'Stack')

  test('is the same for the same API', () => {
    assert.equal(deploymentId(stack, 'ByToken', { ttl: 300 }), deploymentId(stack, 'ByToken', { ttl: 300 }))
  })

  test('changes with everything in it, so that the stage serves the API of the template', () => {
    assert.notEqual(deploymentId(stack, 'ByToken', { ttl: 300 }), deploymentId(stack, 'ByToken', { ttl: 0 }))
  })
})

function roleThatMayDo(stack: Stack, Action: readonly string[]): CfnRole {
  return new CfnRole(stack, 'Role', {
    assumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    },
    policies: [
      {
        policyName: 'own',
        policyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action, Resource: 'arn:aws:dynamodb:us-east-1:111122223333:table/t' },
          ],
        },
      },
    ],
  })
}
