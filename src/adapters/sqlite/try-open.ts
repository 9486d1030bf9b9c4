import { openDatabase } from './database.ts'

/**
 * A program: `node try-open.ts <data folder>`. Exit code 0 when the database there opens and can be written, from a process
 * that has nothing else to do.
 */
const database = openDatabase(process.argv[2] ?? '')
database.prepare('INSERT OR REPLACE INTO probe (id, at) VALUES (1, ?)').run(Date.now())
database.close()
