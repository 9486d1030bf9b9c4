import { callers } from './callers.ts'
import { followedCanary } from './canary-address.ts'
import { events } from './event-settings.ts'
import { sendingSettings } from './sending-settings.ts'
import { anyText, matching, notDeployed, type Setting, setting, wholeNumber } from './setting.ts'

const SERVER_ONLY = 'only for `serve`'

/**
 * Every setting, in the groups in which the program uses them. It defines how the environment is read, and the parameters
 * of the CloudFormation template, the environment of the functions, `docs/settings.md` and the table of parameters in
 * `docs/deploying.md` are generated from it. No setting turns verification off.
 */
export const settingTable = {
  server: {
    port: setting({
      name: 'PORT',
      ...wholeNumber(0, 65_535),
      default: '8080',
      meaning: 'Port of the hook server. 0 selects a free one.',
      deployed: notDeployed(SERVER_ONLY),
    }),
    host: setting({
      name: 'HOOKLINE_HOST',
      read: anyText,
      allowed: 'an IP address or host name of this machine',
      default: '127.0.0.1',
      meaning: 'Address to listen on. The default is loopback: put a proxy with TLS in front.',
      deployed: notDeployed(SERVER_ONLY),
    }),
    path: setting({
      name: 'HOOKLINE_PATH',
      read: matching(/^\/[\w/-]+$/),
      allowed: 'a path such as /mfa',
      default: '/mfa',
      meaning: 'Path of the hook.',
      deployed: notDeployed(SERVER_ONLY),
    }),
    metricsPort: setting({
      name: 'HOOKLINE_METRICS_PORT',
      ...wholeNumber(0, 65_535),
      meaning:
        'Port of `GET /metrics` (Prometheus), on loopback, separate from the hook. 0 selects a free one; without it there are no metrics.',
      deployed: notDeployed(SERVER_ONLY),
    }),
    consolePort: setting({
      name: 'HOOKLINE_CONSOLE_PORT',
      ...wholeNumber(0, 65_535),
      meaning:
        'Port of the console (docs/console.md), on loopback. Its address, with a token, is in `console-address` in the data folder. 0 selects a free one; without it there is no console.',
      deployed: notDeployed(SERVER_ONLY),
    }),
    workers: setting({
      name: 'HOOKLINE_WORKERS',
      ...wholeNumber(1, 16),
      default: '1',
      meaning:
        'Processes that answer requests on the same port. With 2 or more, another process starts them, replaces one that ends, counts limits and pace for all of them, and serves the metrics. One process is enough for most (docs/performance.md).',
      deployed: notDeployed(SERVER_ONLY),
    }),
  },
  callers,
  events,
  ...sendingSettings,
  canary: followedCanary,
} as const

/** Every row of the table. */
export const allSettings: readonly Setting<unknown, SettingParameterName>[] = Object.values(
  settingTable,
).flatMap(group => Object.values<Setting<unknown, SettingParameterName>>(group))

/** Parameters of the CloudFormation template that become settings. */
export type SettingParameterName = {
  [Group in keyof typeof settingTable]: ParameterNameIn<(typeof settingTable)[Group]>
}[keyof typeof settingTable]
type ParameterNameIn<Group> = {
  [Key in keyof Group]: Group[Key] extends Setting<unknown, infer Name> ? Name : never
}[keyof Group]
