import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readRestApi } from '../../simulators/aws/gateway/api.ts'
import { readStack } from '../../simulators/aws/template/stack.ts'
import type { TemplateDocument } from '../../simulators/aws/template/template.ts'
import { withProperties } from './change-template.ts'
import { authorizer, fixtureTemplate } from './fixtures/template.ts'

describe('a template that AWS would not deploy completely is refused', () => {
  const whole = fixtureTemplate()
  const cases: Readonly<Record<string, readonly [template: TemplateDocument, says: RegExp]>> = {
    'a deployment that may be created before its method': [
      fixtureTemplate({ Deployment: { Type: 'AWS::ApiGateway::Deployment', Properties: {} } }),
      /Deployment does not depend on PostMfa/,
    ],
    'an expression without anchors': [
      fixtureTemplate({ Authorizer: authorizer({ IdentityValidationExpression: 'Bearer .+' }) }),
      /must begin with \^ and end with \$/,
    ],
    'no throttling': [
      withProperties(whole, 'Stage', ({ MethodSettings: _, ...rest }) => rest),
      /Stage has no throttling/,
    ],
    'results cached for longer than an hour': [
      fixtureTemplate({ Authorizer: authorizer({ AuthorizerResultTtlInSeconds: 3_601 }) }),
      /results live 0 to 3600 seconds/,
    ],
  }
  for (const [what, [template, says]] of Object.entries(cases)) {
    test(what, () => {
      const stack = readStack(template, { parameters: { CodeBucket: 'bucket' } })
      assert.throws(() => readRestApi(stack), says)
    })
  }
})
