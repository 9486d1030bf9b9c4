import { parseArgs } from 'node:util'
import { type AwsControl, startAwsControl } from './server.ts'

const HELP = `A stand-in for AWS's control plane: CloudFormation, S3, STS, and what deploy asks of IAM, API Gateway, Lambda and End
User Messaging.
Stacks and buckets are kept in memory; nothing is made anywhere.

Usage: node simulators/aws/control/main.ts [--port 8083] [--steps 1]

  --port   the port to listen on; 0 for any that is free. Default: 8083
  --steps  how many things happen in a stack with each request about it. Default: 1
  --help   this text

Point AWS's SDK to the URL that is printed:
  AWS_ENDPOINT_URL_CLOUDFORMATION, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL_STS,
  AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2, AWS_ENDPOINT_URL_IAM,
  AWS_ENDPOINT_URL_API_GATEWAY, AWS_ENDPOINT_URL_LAMBDA; and OKTA_IP_RANGES_URL to /okta-ranges of it`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8083' },
      steps: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(HELP)
    return
  }
  const standIn = await startAwsControl({
    port: wholeNumber('--port', values.port, 0, 65_535),
    stepsAtOnce: wholeNumber('--steps', values.steps, 1, 1_000),
  })
  endWithItsParent(standIn)
  console.log(`AWS's control plane (a stand-in): ${standIn.url}`)
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= min && value <= max) return value
  throw new Error(`${name} is "${text}"; expected a whole number from ${min} to ${max}`)
}

/** Stops on a signal, or when the parent process exits. */
function endWithItsParent(standIn: AwsControl): void {
  const end = () => {
    standIn.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
  if (process.send) {
    process.once('disconnect', end)
    process.send({ ready: standIn.url })
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
})
