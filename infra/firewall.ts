import { Aws } from 'aws-cdk-lib'
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2'
import type { Base } from './base.ts'
import type { Front } from './front.ts'
import { arn, either, only } from './intrinsics.ts'
import type { OwnKey } from './key.ts'
import { defineLogGroup } from './log-group.ts'

/** The name of the firewall in CloudWatch's metrics. */
export type Firewall = { readonly metricName: string }

/** AWS WAF before the API: two groups of AWS's rules and one of rate. It counts first, and blocks when told. */
export function defineFirewall(base: Base, key: OwnKey, front: Front): Firewall {
  const { stack, parameters, when } = base
  const metricName = parameters.ApiGatewayName.valueAsString
  const acl = new CfnWebACL(stack, 'WebAcl', {
    description: 'Before the hook: counts, or blocks',
    scope: 'REGIONAL',
    defaultAction: { allow: {} },
    visibilityConfig: visibility(metricName),
    rules: [...managedRules(base), rateRule(base)],
  })
  const association = new CfnWebACLAssociation(stack, 'FirewallOfApi', {
    resourceArn: front.stageArn,
    webAclArn: acl.attrArn,
  })
  // AWS WAF insists on how the name begins.
  const log = defineLogGroup(base, key, 'FirewallLog', `aws-waf-logs-${Aws.STACK_NAME}`)
  const logging = new CfnLoggingConfiguration(stack, 'FirewallLogging', {
    resourceArn: acl.attrArn,
    logDestinationConfigs: [arn('logs', `log-group:${log.ref}`)],
    redactedFields: [
      { singleHeader: { Name: 'authorization' } },
      only(when.byHeader, { SingleHeader: { Name: parameters.SecretHeaderName.valueAsString } }),
    ],
    // What a rule did not like. The rest is in the API's own log, and would cost more here.
    loggingFilter: {
      DefaultBehavior: 'DROP',
      Filters: [
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
  return { metricName }
}

/**
 * Pinned: AWS's next version is met when we choose, and not by a login. Both are in use in public configurations;
 * in AWS's changelog we read of 1.19 of the first (2025-08-14). AWS announces when a version expires, and
 * `aws wafv2 list-available-managed-rule-group-versions` lists those there are: the first deploy shows it.
 */
const MANAGED_GROUPS = [
  // It also turns away bodies of more than 8 KB: the first limit of size, before the hook's own.
  { group: 'AWSManagedRulesCommonRuleSet', version: 'Version_1.20' },
  { group: 'AWSManagedRulesKnownBadInputsRuleSet', version: 'Version_1.22' },
] as const

function managedRules({ when }: Base) {
  return MANAGED_GROUPS.map(({ group, version }, priority) => ({
    name: group,
    priority,
    statement: { managedRuleGroupStatement: { vendorName: 'AWS', name: group, version } },
    overrideAction: either(when.firewallBlocks, { None: {} }, { Count: {} }),
    visibilityConfig: visibility(group),
  }))
}

/** Okta calls from few addresses: where they are not known, counting them must never block them. */
function rateRule({ parameters, when }: Base) {
  return {
    name: 'Rate',
    priority: MANAGED_GROUPS.length,
    statement: {
      rateBasedStatement: {
        limit: 2_000,
        evaluationWindowSec: 300,
        aggregateKeyType: 'IP',
        scopeDownStatement: only(when.oktaAddresses, {
          NotStatement: {
            Statement: { IPSetReferenceStatement: { Arn: parameters.OktaIpSetArn.valueAsString } },
          },
        }),
      },
    },
    action: either(when.rateBlocks, { Block: {} }, { Count: {} }),
    visibilityConfig: visibility('Rate'),
  }
}

/** No samples: they would show whole headers in the console, tokens among them. */
function visibility(metricName: string) {
  return { cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false, metricName }
}
