import { parseArgs } from 'node:util'
import { runStandIn, wholeNumber } from '../program.ts'
import { startAwsControl } from './server.ts'

const HELP = `A stand-in for AWS's control plane: CloudFormation, S3, STS, and what deploy asks of IAM, API Gateway, Lambda and End
User Messaging.
Stacks and buckets are kept in memory; nothing is created.

Usage: node simulators/aws/control/main.ts [--port 8083] [--steps 1]

  --port   the port to listen on; 0 for any that is free. Default: 8083
  --steps  how many things happen in a stack with each request about it. Default: 1
  --help   this text

Point AWS's SDK to the URL that is printed:
  AWS_ENDPOINT_URL_CLOUDFORMATION, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL_STS,
  AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2, AWS_ENDPOINT_URL_IAM,
  AWS_ENDPOINT_URL_API_GATEWAY, AWS_ENDPOINT_URL_LAMBDA; and OKTA_IP_RANGES_URL to /okta-ranges of it`

runStandIn("AWS's control plane", async () => {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8083' },
      steps: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(HELP)
    return undefined
  }
  return startAwsControl({
    port: wholeNumber('--port', values.port, 0, 65_535),
    stepsAtOnce: wholeNumber('--steps', values.steps, 1, 1_000),
  })
})
