/** Asks a question that only yes agrees to; another answer, Ctrl-C and Ctrl-D do not. `ask`: that of the terminal. */
export async function confirm(
  ask: (question: string) => Promise<string | undefined>,
  question: string,
): Promise<boolean> {
  return /^y(es)?$/i.test(((await ask(`${question} (yes/no) `)) ?? '').trim())
}
