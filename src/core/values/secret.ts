/**
 * A value that must never be printed: a code, a token, a whole phone number, a filled-in message.
 * Logging, JSON, string templates and inspection all show dots. Only `reveal()` returns the value, so every place that
 * uses one can be found by searching for it.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The value itself. Call it only where the value is handed to its one destination. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return DOTS
  }

  toJSON(): string {
    return DOTS
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return DOTS
  }
}

const DOTS = '••••••'
