import { Problem } from './problem.ts'

/** Asks a question. Only `y` or `yes` agrees; any other answer, Ctrl-C and Ctrl-D decline. `ask`: that of the terminal. */
export async function confirm(
  ask: (question: string) => Promise<string | undefined>,
  question: string,
): Promise<boolean> {
  return /^y(es)?$/i.test(((await ask(`${question} (yes/no) `)) ?? '').trim())
}

/** Without a terminal, `--yes` is required: throws before anything is done. `remedy`: which options to add. */
export function checkCanAsk(
  { isAtTerminal }: { readonly isAtTerminal: boolean },
  yes: boolean | undefined,
  remedy = 'Add --yes to continue without a question, or --dry-run to see only the plan.',
): void {
  if (yes || isAtTerminal) return
  throw new Problem('usage', `This command asks a question, but this is not a terminal. ${remedy}`)
}
