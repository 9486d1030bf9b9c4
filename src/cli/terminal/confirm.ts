import { Problem } from './problem.ts'

/** Asks a question that only yes agrees to; any other answer, Ctrl-C and Ctrl-D decline. `ask`: that of the terminal. */
export async function confirm(
  ask: (question: string) => Promise<string | undefined>,
  question: string,
): Promise<boolean> {
  return /^y(es)?$/i.test(((await ask(`${question} (yes/no) `)) ?? '').trim())
}

/** A pipeline cannot answer a question: without `--yes` it is refused before anything is done. `remedy`: what to add. */
export function checkCanAsk(
  { isAtTerminal }: { readonly isAtTerminal: boolean },
  yes: boolean | undefined,
  remedy = 'Add --yes to go on without a question, or --dry-run to see the plan only.',
): void {
  if (yes || isAtTerminal) return
  throw new Problem('usage', `The question cannot be asked: this is not a terminal. ${remedy}`)
}
