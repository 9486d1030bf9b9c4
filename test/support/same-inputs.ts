import fc from 'fast-check'

/**
 * Loaded by `test/run.ts` before the tests: each run has the same random inputs, so that no change is refused by chance.
 * `HOOKLINE_SEED=7 npm test` has others; a file that is run alone, with `node --test`, has others each time. Either way
 * fast-check prints the seed of a failure.
 */
const { HOOKLINE_SEED = '1' } = process.env
if (!/^\d{1,9}$/.test(HOOKLINE_SEED))
  throw new Error(`HOOKLINE_SEED is "${HOOKLINE_SEED}"; expected a whole number`)
fc.configureGlobal({ seed: Number(HOOKLINE_SEED) })
