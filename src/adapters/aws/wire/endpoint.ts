/** The services that are called, by the name that addresses and signatures have. */
export type Service = keyof typeof SERVICES

/** By name, as they are now: Lambda and tests change them while the process runs. */
export type Environment = Readonly<Record<string, string | undefined>>

export const SERVICES = {
  'sms-voice': { target: 'PinpointSMSVoiceV2', variable: 'PINPOINT_SMS_VOICE_V2', version: '1.0' },
  dynamodb: { target: 'DynamoDB_20120810', variable: 'DYNAMODB', version: '1.0' },
  monitoring: { target: 'GraniteServiceVersion20100801', variable: 'CLOUDWATCH', version: '1.0' },
  secretsmanager: { target: 'secretsmanager', variable: 'SECRETS_MANAGER', version: '1.1' },
} as const

/**
 * Where a service answers in a region: `endpoint`, else AWS_ENDPOINT_URL_<SERVICE> or AWS_ENDPOINT_URL, else AWS's own
 * address, with AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT. Throws, with what to change, for a region whose
 * addresses are not known here, for settings that contradict each other, and for an address with more than an origin.
 */
export function endpointOf(
  service: Service,
  region: string,
  environment: Environment,
  endpoint: string | undefined,
): URL {
  if (!/^[a-z0-9-]{1,63}$/.test(region))
    throw new Error(`"${region}" is not a region of AWS; expected one like us-east-1.`)
  const isFips = flag(environment, 'AWS_USE_FIPS_ENDPOINT')
  const isDualStack = flag(environment, 'AWS_USE_DUALSTACK_ENDPOINT')
  const own = endpoint ?? configured(service, environment)
  if (own === undefined) return new URL(`https://${hostOf(service, region, isFips, isDualStack)}`)
  if (isFips || isDualStack) {
    const name = isFips ? 'AWS_USE_FIPS_ENDPOINT' : 'AWS_USE_DUALSTACK_ENDPOINT'
    throw new Error(`${name} is true, and the address ${own} is configured: remove one of them.`)
  }
  return originOf(own)
}

function configured(service: Service, environment: Environment): string | undefined {
  if (flag(environment, 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS')) return undefined
  const ofService = environment[`AWS_ENDPOINT_URL_${SERVICES[service].variable}`]
  return ofService || environment.AWS_ENDPOINT_URL || undefined
}

function hostOf(service: Service, region: string, isFips: boolean, isDualStack: boolean): string {
  const partition = PARTITIONS.find(({ regions }) => regions.test(region))
  if (partition === undefined)
    throw new Error(
      `The addresses of the region ${region} are not known; supported are regions of the partitions ${PARTITIONS.map(({ name }) => name).join(', ')}. AWS_ENDPOINT_URL_${SERVICES[service].variable} can name its address.`,
    )
  // Secrets Manager's plain name is a dual-stack one; two plain names in GovCloud are FIPS ones.
  const isDual = isDualStack && service !== 'secretsmanager'
  const hasPlainFips = service === 'dynamodb' || service === 'monitoring'
  const isPlainFips = hasPlainFips && partition.name === 'aws-us-gov' && !isDual
  const name = isFips && !isPlainFips ? `${service}-fips` : service
  return `${name}.${region}.${isDual ? partition.dualStack : partition.suffix}`
}

function originOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  const isOrigin =
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    [url.username, url.password, url.search, url.hash].every(part => part === '') &&
    url.pathname === '/'
  if (isOrigin) return url
  throw new Error(
    'An address of AWS is not like https://host or https://host:port; a path or name in it is not supported.',
  )
}

/** As the SDK reads it: anything else than these two words is refused, so that a typing error does not switch FIPS off. */
function flag(environment: Environment, name: string): boolean {
  const value = environment[name]
  if (value === undefined || value === 'false') return false
  if (value === 'true') return true
  throw new Error(`${name} is "${value}"; expected true or false.`)
}

const PARTITIONS = [
  {
    name: 'aws',
    regions: /^(?:us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d+$/,
    suffix: 'amazonaws.com',
    dualStack: 'api.aws',
  },
  {
    name: 'aws-cn',
    regions: /^cn-[a-z]+-\d+$/,
    suffix: 'amazonaws.com.cn',
    dualStack: 'api.amazonwebservices.com.cn',
  },
  { name: 'aws-us-gov', regions: /^us-gov-[a-z]+-\d+$/, suffix: 'amazonaws.com', dualStack: 'api.aws' },
] as const
