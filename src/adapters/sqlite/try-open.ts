import { openOperations } from './operations.ts'

/**
 * A program: `node try-open.ts <data folder>`. Exit code 0 when the database there opens and can be written, from a process
 * that has nothing else to do.
 */
const A_DAY_MS = 86_400_000
const operations = openOperations(process.argv[2] ?? '', { deliveriesMs: A_DAY_MS, receiptsMs: A_DAY_MS })
operations.checkWritable(Date.now())
operations.close()
