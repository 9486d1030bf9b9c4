import { APIGatewayClient, GetAccountCommand } from '@aws-sdk/client-api-gateway'
import {
  CreateServiceLinkedRoleCommand,
  GetRoleCommand,
  IAMClient,
  ListRolesCommand,
} from '@aws-sdk/client-iam'
import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'

/** What an account and region have outside the stacks: roles that services use, and the code of functions. */
export function createAccountServices(region: string) {
  const iam = new IAMClient({ region, requestHandler: TIMES })
  const apiGateway = new APIGatewayClient({ region, requestHandler: TIMES })
  const lambda = new LambdaClient({ region, requestHandler: TIMES })
  return {
    /** Whether the account has the service-linked role with which AWS End User Messaging writes its metrics. */
    hasMessagingRole: async (): Promise<boolean> => {
      const { Roles = [] } = await iam.send(
        new ListRolesCommand({ PathPrefix: `/aws-service-role/${MESSAGING}/`, MaxItems: 1 }),
      )
      return Roles.length > 0
    },

    /** Creates that role; an existing one is kept. */
    createMessagingRole: async (): Promise<void> => {
      await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: MESSAGING })).catch(error => {
        if (!(error instanceof Error) || !/has been taken/.test(error.message)) throw error
      })
    },

    /**
     * The ARN of the role with which API Gateway writes logs; undefined if none is set, or if the role no longer
     * exists.
     */
    apiLogRole: async (): Promise<string | undefined> => {
      const { cloudwatchRoleArn: arn } = await apiGateway.send(new GetAccountCommand({}))
      if (arn === undefined || arn === '') return undefined
      const name = arn.slice(arn.lastIndexOf('/') + 1)
      const exists = await iam.send(new GetRoleCommand({ RoleName: name })).then(
        () => true,
        (error: unknown) => !(error instanceof Error && error.name === 'NoSuchEntityException'),
      )
      return exists ? arn : undefined
    },

    /** The SHA-256 (base64) of the archive that a function runs, behind an alias or unpublished. */
    functionCode: async (
      name: string,
      alias: string | undefined,
    ): Promise<{ readonly sha256: string } | undefined> => {
      const read = await lambda
        .send(new GetFunctionConfigurationCommand({ FunctionName: name, Qualifier: alias }))
        .catch((error: unknown) => {
          if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined
          throw error
        })
      if (read?.CodeSha256 === undefined) return undefined
      return { sha256: read.CodeSha256 }
    },

    /** Runs a function behind an alias, and waits for what it returns. */
    runFunction: async (
      name: string,
      alias: string,
      event: object,
      signal: AbortSignal,
    ): Promise<unknown> => {
      const { FunctionError, Payload } = await lambda.send(
        new InvokeCommand({ FunctionName: name, Qualifier: alias, Payload: JSON.stringify(event) }),
        { abortSignal: signal },
      )
      const text = Payload?.transformToString() ?? ''
      if (FunctionError !== undefined) throw new Error(`The function ${name} failed: ${text.slice(0, 500)}`)
      return JSON.parse(text)
    },

    close: () => {
      for (const client of [iam, apiGateway, lambda]) client.destroy()
    },
  } as const
}

const MESSAGING = 'sms-voice.amazonaws.com'
const TIMES = { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true }
