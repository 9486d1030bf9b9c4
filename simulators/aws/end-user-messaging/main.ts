import { parseArgs } from 'node:util'
import { runStandIn, wholeNumber } from '../program.ts'
import { seededRandom } from './seeded-random.ts'
import { startEndUserMessaging } from './server.ts'

const HELP = `A stand-in for AWS End User Messaging. What is sent to it arrives on a phone page, and nowhere else.

Usage: node simulators/aws/end-user-messaging/main.ts [--port 8082] [--host 127.0.0.1] [--seed 1]
         [--events-url URL]

  --port        the port to listen on; 0 for any that is free. Default: 8082
  --host        the address to listen on. Default: 127.0.0.1, this machine only
  --seed        a whole number: faults with a probability, and what becomes of messages, fall the same way each time
  --events-url  where receipts are posted, as SNS posts them; PUT /events has more. Default: nowhere
  --help        this text

The phone page is at the URL that is printed. Point AWS's SDK to the same URL:
  AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2=http://127.0.0.1:8082`

type Settings = {
  readonly port: number
  readonly host: string
  readonly seed: number | undefined
  readonly eventsUrl: string | undefined
}

/** Reads the command line; throws an Error with a message for the user. */
function readSettings(argv: readonly string[]): Settings | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      port: { type: 'string', default: '8082' },
      host: { type: 'string', default: '127.0.0.1' },
      seed: { type: 'string' },
      'events-url': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const seed = values.seed === undefined ? undefined : wholeNumber('--seed', values.seed, 0, 0xffff_ffff)
  return {
    port: wholeNumber('--port', values.port, 0, 65_535),
    host: values.host,
    seed,
    eventsUrl: values['events-url'],
  }
}

runStandIn('AWS End User Messaging', async () => {
  const settings = readSettings(process.argv.slice(2))
  if (settings === 'help') {
    console.log(HELP)
    return undefined
  }
  const { port, host, seed, eventsUrl } = settings
  const random = seed === undefined ? Math.random : seededRandom(seed)
  return startEndUserMessaging({
    port,
    host,
    random,
    ...(eventsUrl !== undefined && { events: { url: eventsUrl } }),
  }).catch((error: unknown) => {
    throw new Error(listenProblem(error, host, port), { cause: error })
  })
})

function listenProblem(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use: stop the program that uses it, or choose another --port`
  if (code === 'EACCES') return `Port ${port} needs more rights than this program has: choose another --port`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${host} is not an address of this machine: change --host`
  return error instanceof Error ? error.message : String(error)
}
