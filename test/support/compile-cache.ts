import { fileURLToPath } from 'node:url'

// Loaded before the tests (`node --import`): what hundreds of short programs load again and again is compiled once.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
  new URL('../../node_modules/.cache/hookline-compiled', import.meta.url),
)
