import type { Command } from 'commander'
import type { CloudContext } from '../terminal/context.ts'
import { budgetsCommand } from './budgets.ts'
import { episodesCommand } from './episodes.ts'
import { exportCommand } from './export.ts'
import { modeCommand } from './mode.ts'
import { overrideCommands } from './overrides.ts'
import { replayCommand } from './replay.ts'
import { statusCommand } from './status.ts'

/** `hookline fraud`: the rule against toll fraud. */
export function fraudCommand(fraud: Command, context: CloudContext): void {
  statusCommand(fraud, context)
  episodesCommand(fraud, context)
  modeCommand(fraud, context)
  overrideCommands(fraud, context)
  budgetsCommand(fraud, context)
  exportCommand(fraud, context)
  replayCommand(fraud, context)
}
