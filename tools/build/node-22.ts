type Close = () => unknown

/** Features of Node 24 that Node 22 lacks and the package uses. The bundler inserts them where the name is used. */
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

  /** From the last to the first; all are disposed, then the first error is thrown. */
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

/**
 * Only members of `Stack` may be used: the type check knows the complete class, but the tests of the package run this
 * one.
 */
export const AsyncDisposableStack: typeof Stack = native ?? Stack
