import type { Stack } from 'aws-cdk-lib'
import type { Base } from './base.ts'
import { defineParameters } from './parameters/parameters.ts'
import { defineConditions, defineRules } from './parameters/rules.ts'
import { defineAlarms } from './parts/alarms.ts'
import { defineAuthorizer } from './parts/authorizer.ts'
import { defineCanary } from './parts/canary.ts'
import { defineCarrier } from './parts/carrier.ts'
import { defineDashboard } from './parts/dashboard.ts'
import { defineEvents } from './parts/events.ts'
import { defineFigures } from './parts/figures.ts'
import { acknowledgeFindings } from './parts/findings.ts'
import { defineFirewall } from './parts/firewall.ts'
import { defineFront } from './parts/front.ts'
import { defineHook } from './parts/hook.ts'
import { defineKey } from './parts/key.ts'
import { defineLiveAlias } from './parts/live-alias.ts'
import { defineOutputs } from './parts/outputs.ts'
import { defineQueue, defineReceipts } from './parts/receipts.ts'
import { defineRollout } from './parts/rollout.ts'
import { defineSecrets } from './parts/secrets.ts'
import { defineTable } from './parts/table.ts'

/** The whole deployment, from the data to the alarms. */
export function defineHookline(stack: Stack, release: string, version: string): void {
  const parameters = defineParameters(stack)
  defineRules(stack, parameters)
  const base: Base = { stack, parameters, when: defineConditions(stack, parameters), release, version }

  const key = defineKey(base)
  const table = defineTable(base, key)
  const secrets = defineSecrets(base, key)

  const carrier = defineCarrier(base, key)
  const hook = defineHook(base, key, table, secrets, carrier)
  const authorizer = defineAuthorizer(base, key, secrets)
  const live = defineLiveAlias(base, hook)
  const events = defineEvents(base, key, table, secrets)
  const front = defineFront(base, key, { authorizer, live, events })
  const firewall = defineFirewall(base, key, front)

  const queue = defineQueue(base, key)
  const receipts = defineReceipts(base, key, table, carrier, queue)

  const figures = defineFigures(base, key, table)

  const canary = defineCanary(base, key, table, { live, front })

  const alarms = defineAlarms(base, { hook, queue, firewall, figures })
  defineRollout(base, hook, live, alarms)
  const dashboard = defineDashboard(base, { hook, receipts, queue, firewall })
  defineOutputs(base, {
    front,
    hook,
    authorizer,
    receipts,
    events,
    figures,
    canary,
    table,
    dashboard,
    carrier,
    secrets,
  })
  acknowledgeFindings(stack)
}
