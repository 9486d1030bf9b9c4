import process from 'node:process'
import { createContext } from '../../src/main/commands/commands.ts'
import { processStreams } from '../../src/main/process-streams.ts'
import { newProgram, run } from '../../src/main/run.ts'
import { createTerminal } from '../../src/main/terminal.ts'
import { observeCommand } from './command.ts'
import { createObserveAccess } from './observe-access.ts'

process.umask(0o077) // the report is readable only by its owner
process.exitCode = await run(
  process.argv.slice(2),
  process.env,
  processStreams(),
  async (_args, environment, streams, endWith) => {
    const program = newProgram('observe', streams).description(
      'Observe what Okta really sends and does, with a few sign-ins in a free org. Writes a report that identifies no one.',
    )
    const context = await createContext(environment, streams, endWith)
    const observe = createObserveAccess(environment, createTerminal(streams), context.interruption)
    observeCommand(program, { ...context, observe })
    return program
  },
)
