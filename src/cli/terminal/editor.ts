import { BECAUSE_MAX } from '../../core/policy/fraud-policy.ts'
import type { Editor } from '../../core/policy/policy-store.ts'
import type { Context } from './context.ts'
import { Problem } from './problem.ts'

export type EditorOptions = { readonly author?: string; readonly because?: string }

/** Options of every command that changes the policy: what they say is in the log of changes. */
export const AUTHOR_OPTION = [
  '--author <who>',
  'who changes this, for the log of changes (default: your user name on this machine)',
] as const
export const BECAUSE_OPTION = ['--because <reason>', 'why, for the log of changes'] as const

/** Who changes something, when, and why. */
export function editorOf({ author, because }: EditorOptions, context: Context): Editor {
  const name = (author ?? context.author())?.trim()
  if (name === undefined || name === '')
    throw new Problem('usage', 'The operating system reports no user name. Add --author <who>.')
  const by = { author: readLine('--author', name, AUTHOR_MAX), at: context.now() }
  const reason = because?.trim()
  return reason === undefined || reason === ''
    ? by
    : { ...by, because: readLine('--because', reason, BECAUSE_MAX) }
}

function readLine(option: string, text: string, max: number): string {
  if (text.length <= max && !/\p{Cc}/u.test(text)) return text
  throw new Problem(
    'usage',
    `${option} is ${JSON.stringify(text)}; expected one line of at most ${max} characters.`,
  )
}

const AUTHOR_MAX = 100
