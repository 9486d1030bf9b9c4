import type { Stack } from 'aws-cdk-lib'
import { defineAlarms } from './alarms.ts'
import { defineAuthorizer } from './authorizer.ts'
import type { Base } from './base.ts'
import { defineCarrier } from './carrier.ts'
import { defineConditions } from './conditions.ts'
import { defineDashboard } from './dashboard.ts'
import { acknowledgeFindings } from './findings.ts'
import { defineFirewall } from './firewall.ts'
import { defineFront } from './front.ts'
import { defineHook } from './hook.ts'
import { defineKey } from './key.ts'
import { defineLiveAlias } from './live-alias.ts'
import { defineOutputs } from './outputs.ts'
import { defineParameters } from './parameters.ts'
import { defineQueue, defineReceipts } from './receipts.ts'
import { defineRollout } from './rollout.ts'
import { defineRules } from './rules.ts'
import { defineSecrets } from './secrets.ts'
import { defineTable } from './table.ts'

/** The whole deployment, from what holds data to what watches it. */
export function defineHookline(stack: Stack, release: string): void {
  const parameters = defineParameters(stack)
  defineRules(stack, parameters)
  const base: Base = { stack, parameters, when: defineConditions(stack, parameters), release }

  const key = defineKey(base)
  const table = defineTable(base, key)
  const secrets = defineSecrets(base, key)

  const carrier = defineCarrier(base, key)
  const hook = defineHook(base, key, table, secrets, carrier)
  const authorizer = defineAuthorizer(base, key, secrets)
  const live = defineLiveAlias(base, hook)
  const front = defineFront(base, key, authorizer, live)
  const firewall = defineFirewall(base, key, front)

  const queue = defineQueue(base, key)
  const receipts = defineReceipts(base, key, table, carrier, queue)

  const alarms = defineAlarms(base, { hook, queue, firewall })
  defineRollout(base, hook, live, alarms)
  const dashboard = defineDashboard(base, { hook, authorizer, receipts, queue, firewall })
  defineOutputs(base, { front, hook, authorizer, receipts, table, dashboard, carrier, secrets })
  acknowledgeFindings(stack)
}
