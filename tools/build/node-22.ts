type Close = () => unknown

/** What Node 24 has and Node 22 does not, as far as the package uses it. The bundler puts it where the name is used. */
class Stack implements AsyncDisposable {
  #closing: Close[] = []

  defer(close: Close): void {
    this.#closing.push(close)
  }

  move(): Stack {
    const moved = new Stack()
    moved.#closing = this.#closing
    this.#closing = []
    return moved
  }

  /** From the last to the first; all of them, and then the first error. */
  async disposeAsync(): Promise<void> {
    const failed: unknown[] = []
    for (const close of this.#closing.splice(0).reverse()) {
      try {
        await close()
      } catch (error) {
        failed.push(error)
      }
    }
    if (failed.length > 0) throw failed[0]
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.disposeAsync()
  }
}

const { AsyncDisposableStack: native } = globalThis as unknown as { AsyncDisposableStack?: typeof Stack }

/** Only what `Stack` has may be used: the type check of sources knows the whole one, the tests of the package run this one. */
export const AsyncDisposableStack: typeof Stack = native ?? Stack
