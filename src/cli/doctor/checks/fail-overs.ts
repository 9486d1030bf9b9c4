import { defineCheck } from '../check.ts'

export const failOversCheck = defineCheck({
  name: 'fail-overs',
  sentence: 'In the last 24 hours Okta did not send by its own provider instead of the hook.',
  severity: 'warning',
  remedy:
    'Look at the reason; docs/errors.md explains codes. Before the last change? Then it is history: it leaves this list after 24 hours.',
  needs: ['failOvers'],
  judge: ({ failOvers }) => {
    const groups = Map.groupBy(failOvers, ({ channel, reason }) => JSON.stringify([channel, reason]))
    return [...groups.values()].flatMap(group => {
      const last = group.at(-1)
      if (last === undefined) return []
      const times = group.length === 1 ? 'once' : `${group.length} times`
      const when = new Date(last.at).toISOString().replace(/\.\d+/, '')
      return [
        {
          cause: `Okta sent by its own provider ${times} (${last.channel}), last at ${when}: ${last.reason ?? 'the System Log gives no reason'}`,
        },
      ]
    })
  },
})
