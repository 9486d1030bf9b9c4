import assert from 'node:assert/strict'
import type { Okta, OktaOptions } from '../../../simulators/okta/okta.ts'
import { startOkta } from '../../../simulators/okta/server.ts'
import { knownContracts } from './contracts.ts'
import { createJudge, describeFinding } from './judge.ts'

/**
 * The stand-in with a new org, whose traffic is compared with Okta's documents: `close` rejects with the findings.
 */
export async function startJudgedOkta(options: Partial<OktaOptions> = {}): Promise<Okta> {
  const judge = createJudge(knownContracts())
  const okta = await startOkta({
    port: 0,
    org: 'empty',
    ...options,
    onExchange: exchange => {
      judge.take(exchange)
      options.onExchange?.(exchange)
    },
  })
  const { close } = okta
  return Object.defineProperty(okta, 'close', {
    value: async () => {
      await close()
      assert.deepEqual(judge.findings().map(describeFinding), [])
    },
  })
}
