/** Says what is still waited for, once it takes long. */
export function withProgress(say: (text: string) => void) {
  return async <T>(what: string, work: Promise<T>): Promise<T> => {
    const timer = setTimeout(() => say(`… still reading ${what}`), LONG_MS)
    try {
      return await work
    } finally {
      clearTimeout(timer)
    }
  }
}

const LONG_MS = 3_000
