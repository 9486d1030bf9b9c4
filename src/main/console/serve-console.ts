import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { writeOwnFile } from '../../cli/terminal/files.ts'
import type { Environment } from '../../config/environment.ts'
import { settingTable } from '../../config/setting-table.ts'
import type { Settings } from '../../config/settings.ts'
import { messageOf } from '../../core/values/printable.ts'
import type { Log } from '../log.ts'
import type { Streams } from '../terminal.ts'
import type { OpenConsole } from './open-console.ts'

/**
 * The console of a server, if the settings have a port for it. Its address has a token, so it is not logged: it is in a file
 * of the data folder, which only the owner can read, and changes with each use. The console has its own connection to the
 * store, so that its reads delay no request.
 */
export async function serveConsole(
  { server: { consolePort: port }, store: { dataFolder } }: Settings,
  environment: Environment,
  streams: Streams,
  log: Log,
): Promise<(OpenConsole & { readonly addressFile: string }) | undefined> {
  if (port === undefined) return undefined
  const [{ createContext }, { openConsole }] = await Promise.all([
    import('../commands/commands.ts'),
    import('./open-console.ts'),
  ])
  const addressFile = join(dataFolder, 'console-address')
  const writeAddress = async (address: string): Promise<void> => {
    try {
      mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
      await writeOwnFile(addressFile, `${address}\n`)
    } catch (error) {
      log({ step: 'serve', outcome: 'console-address', detail: messageOf(error) })
    }
  }
  const context = await createContext(environment, streams, () => undefined)
  const opened = await openConsole(context, {
    port,
    setting: settingTable.server.consolePort.name,
    ...{ isReadOnly: false, needsStore: false },
    onOpened: address => void writeAddress(address),
  })
  await writeAddress(opened.address())
  return { ...opened, addressFile }
}
