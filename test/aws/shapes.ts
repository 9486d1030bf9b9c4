/** Who authenticates callers in a deployment, for tests that must hold in both shapes. */
type Shape = {
  readonly shape: string
  readonly parameters: Readonly<Record<string, string>>
  /** The archives of the functions that answer and that authenticate. */
  readonly hook: string
  readonly authenticator: string
  readonly isOneFunction: boolean
}

export const shapes: readonly Shape[] = [
  {
    shape: 'with an authorizer',
    parameters: {},
    hook: 'hook',
    authenticator: 'authorizer',
    isOneFunction: false,
  },
  {
    shape: 'with one function',
    parameters: { OneFunction: 'true' },
    hook: 'one-function',
    authenticator: 'one-function',
    isOneFunction: true,
  },
]
