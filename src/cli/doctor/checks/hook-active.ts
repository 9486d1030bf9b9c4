import { defineCheck } from '../check.ts'

export const hookActiveCheck = defineCheck({
  name: 'hook active',
  sentence: "Hookline's telephony hook is there, and the active one.",
  severity: 'error',
  remedy: 'Turn it on with hookline okta setup, or in Okta: Workflow > Inline Hooks.',
  needs: ['org'],
  judge: ({ org: { org, hook } }) => {
    const active = org.hooks.find(({ isActive }) => isActive)
    if (hook?.isActive === true) return []
    if (active !== undefined) {
      const ours = hook === undefined ? 'Hookline has none here' : `"${hook.name}" is inactive`
      return [
        {
          cause: `Another telephony hook is active, "${active.name}", which calls ${hostOf(active.uri)}; ${ours}.`,
          remedy: `If Hookline is to send, give the name to the setup: hookline okta setup --replace "${active.name}".`,
        },
      ]
    }
    return hook === undefined
      ? [
          {
            cause: 'The org has no telephony hook: Okta sends by its own provider.',
            remedy: 'Set it up with hookline okta setup.',
            fixedBy: ['create hook'],
          },
        ]
      : [
          {
            cause: `The telephony hook "${hook.name}" is inactive: Okta sends by its own provider.`,
            fixedBy: ['turn on hook'],
          },
        ]
  },
})

/** Another provider's address may have a secret in its path. */
function hostOf(uri: string): string {
  return URL.parse(uri)?.host ?? 'an unreadable address'
}
