import { openDatabase } from './database.ts'

/**
 * A program: `node try-open.ts <data folder>`. A separate process that ends with exit code 0 if it can open the
 * database and write to it.
 */
const database = openDatabase(process.argv[2] ?? '')
database.prepare('INSERT OR REPLACE INTO probe (id, at) VALUES (1, ?)').run(Date.now())
database.close()
