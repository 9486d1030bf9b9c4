import { Aws, Fn } from 'aws-cdk-lib'
import { CfnIPSet, CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2'
import { arn, type Base, either, eitherText, only, onlyText } from '../base.ts'
import { BEARER, EVENTS_PATH, SECRET, UNAUTHORIZED } from './api.ts'
import type { Front } from './front.ts'
import { defineLogGroup } from './function.ts'
import type { OwnKey } from './key.ts'

/** The name of the firewall in CloudWatch's metrics, and that of its rule for requests without a credential. */
export type Firewall = { readonly metricName: string; readonly noCredential: string }

/**
 * AWS WAF in front of the API. Requests without a credential of the right shape are always blocked, so that they do not
 * use up the rate that Okta needs. AWS's two rule groups and the rate rule count, and block if Firewall is block.
 */
export function defineFirewall(base: Base, key: OwnKey, front: Front): Firewall {
  const { stack, parameters, when } = base
  const metricName = parameters.ApiGatewayName.valueAsString
  const okta = new CfnIPSet(stack, 'OktaAddressSet', {
    description: 'Addresses of Okta, as Okta publishes them',
    scope: 'REGIONAL',
    ipAddressVersion: 'IPV4',
    addresses: Fn.split(',', parameters.OktaAddresses.valueAsString),
  })
  okta.cfnOptions.condition = when.exemptsOkta
  const acl = new CfnWebACL(stack, 'WebAcl', {
    description: 'In front of the hook: counts or blocks',
    scope: 'REGIONAL',
    defaultAction: { allow: {} },
    visibilityConfig: visibility(metricName),
    customResponseBodies: { unauthorized: { contentType: 'APPLICATION_JSON', content: UNAUTHORIZED } },
    rules: [
      noCredentialRule(base),
      ...managedRules(base),
      rateRule(base, okta.attrArn),
      only(when.oktaAddresses, elsewhereRule(okta.attrArn)),
    ],
  })
  const association = new CfnWebACLAssociation(stack, 'FirewallOfApi', {
    resourceArn: front.stageArn,
    webAclArn: acl.attrArn,
  })
  // AWS WAF requires this prefix.
  const log = defineLogGroup(base, key, 'FirewallLog', `aws-waf-logs-${Aws.STACK_NAME}`)
  const logging = new CfnLoggingConfiguration(stack, 'FirewallLogging', {
    resourceArn: acl.attrArn,
    logDestinationConfigs: [arn('logs', `log-group:${log.ref}`)],
    redactedFields: [
      { singleHeader: { Name: 'authorization' } },
      only(when.byHeader, { SingleHeader: { Name: parameters.SecretHeaderName.valueAsString } }),
    ],
    // Requests that a rule counted or blocked, except those without a credential: unauthenticated callers must not decide
    // how much is logged.
    loggingFilter: {
      DefaultBehavior: 'DROP',
      Filters: [
        {
          Behavior: 'DROP',
          Requirement: 'MEETS_ANY',
          Conditions: [
            {
              LabelNameCondition: {
                LabelName: `awswaf:${Aws.ACCOUNT_ID}:webacl:${Fn.select(0, Fn.split('|', acl.ref))}:${LABELS}:no-credential`,
              },
            },
          ],
        },
        {
          Behavior: 'KEEP',
          Requirement: 'MEETS_ANY',
          Conditions: ['BLOCK', 'COUNT', 'EXCLUDED_AS_COUNT'].map(Action => ({
            ActionCondition: { Action },
          })),
        },
      ],
    },
  })
  for (const part of [acl, association, log, logging]) part.cfnOptions.condition = when.firewall
  return { metricName, noCredential: NO_CREDENTIAL }
}

/**
 * The rule that always blocks. The authorizer, if there is one, has the same expressions; here, a blocked request costs no call. An event hook
 * has a secret and a body of at most 256 KB, or Okta's challenge.
 */
function noCredentialRule({ parameters, when }: Base) {
  const hooks = headerMatches(
    eitherText(when.byToken, 'authorization', parameters.SecretHeaderName.valueAsString),
    eitherText(when.byToken, BEARER, SECRET),
  )
  const events = anyOf(
    headerMatches('authorization', SECRET),
    headerMatches('x-okta-verification-challenge', CHALLENGE),
  )
  return {
    name: NO_CREDENTIAL,
    priority: 0,
    statement: either(
      when.oktaEvents,
      not(
        anyOf(
          allOf(not(FOR_EVENTS), hooks),
          allOf(FOR_EVENTS, events, not(headerMatches('content-length', TOO_LARGE))),
        ),
      ),
      not(hooks),
    ),
    action: { block: { customResponse: { responseCode: 401, customResponseBodyKey: 'unauthorized' } } },
    ruleLabels: [{ name: `${LABELS}:no-credential` }],
    visibilityConfig: visibility(NO_CREDENTIAL),
  }
}

const CHALLENGE = '^[ -~]{1,512}$'
/** 270,000 bytes or more: the function itself has the exact limit. */
const TOO_LARGE = '^(2[7-9][0-9]{4}|[3-9][0-9]{5}|[0-9]{7,})$'
const NO_CREDENTIAL = 'NoCredential'
const LABELS = 'hookline'

/** The path includes the stage. */
const FOR_EVENTS = {
  ByteMatchStatement: {
    FieldToMatch: { UriPath: {} },
    PositionalConstraint: 'ENDS_WITH',
    SearchString: EVENTS_PATH,
    TextTransformations: [{ Priority: 0, Type: 'NONE' }],
  },
}

function headerMatches(Name: string, RegexString: string): object {
  return {
    RegexMatchStatement: {
      FieldToMatch: { SingleHeader: { Name } },
      RegexString,
      TextTransformations: [{ Priority: 0, Type: 'NONE' }],
    },
  }
}

function not(Statement: object): object {
  return { NotStatement: { Statement } }
}

function allOf(...Statements: readonly object[]): object {
  return { AndStatement: { Statements } }
}

function anyOf(...Statements: readonly object[]): object {
  return { OrStatement: { Statements } }
}

/** AWS's default version unless one is pinned. A version that AWS has scheduled to expire cannot be deployed again. */
function managedRules({ parameters, when }: Base) {
  const groups = [
    // Also blocks bodies of more than 8 KB, before the hook's own limit applies.
    {
      group: 'AWSManagedRulesCommonRuleSet',
      version: onlyText(when.pinsCommonRules, parameters.CommonRulesVersion.valueAsString),
    },
    {
      group: 'AWSManagedRulesKnownBadInputsRuleSet',
      version: onlyText(when.pinsBadInputs, parameters.BadInputsVersion.valueAsString),
    },
  ]
  return groups.map(({ group, version }, index) => ({
    name: group,
    priority: 1 + index,
    // Events are larger, and contain what anybody sends to Okta: somebody could have them blocked by a user agent.
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name: group,
        version,
        scopeDownStatement: only(when.oktaEvents, not(FOR_EVENTS)),
      },
    },
    overrideAction: either(when.firewallBlocks, { None: {} }, { Count: {} }),
    visibilityConfig: visibility(group),
  }))
}

/** Okta calls from few addresses. If they are not known, this rule must not block, or it would block Okta. */
function rateRule({ when }: Base, oktaAddresses: string) {
  return {
    name: 'Rate',
    priority: 3,
    statement: {
      rateBasedStatement: {
        limit: 2_000,
        evaluationWindowSec: 300,
        aggregateKeyType: 'IP',
        scopeDownStatement: only(when.oktaAddresses, notIn(oktaAddresses)),
      },
    },
    action: either(when.rateBlocks, { Block: {} }, { Count: {} }),
    visibilityConfig: visibility('Rate'),
  }
}

/** Only a label in the log: a caller with a valid credential may call from any address. */
function elsewhereRule(oktaAddresses: string) {
  return {
    Name: 'NotFromOkta',
    Priority: 4,
    Statement: notIn(oktaAddresses),
    Action: { Count: {} },
    RuleLabels: [{ Name: `${LABELS}:not-from-okta` }],
    VisibilityConfig: {
      CloudWatchMetricsEnabled: true,
      SampledRequestsEnabled: false,
      MetricName: 'NotFromOkta',
    },
  }
}

function notIn(addresses: string): object {
  return not({ IPSetReferenceStatement: { Arn: addresses } })
}

/** No samples: they would show whole headers in the console, including tokens. */
function visibility(metricName: string) {
  return { cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false, metricName }
}
