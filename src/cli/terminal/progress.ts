/** Does the work, and every two seconds prints what is still in progress. `doing` is called each time; `print` writes to standard error. */
export async function withProgress<T>(
  print: (text: string) => void,
  doing: string | (() => string),
  work: () => Promise<T>,
): Promise<T> {
  const timer = setInterval(
    () => print(`… still ${typeof doing === 'string' ? doing : doing()}`),
    PROGRESS_MS,
  )
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}

const PROGRESS_MS = 2_000
