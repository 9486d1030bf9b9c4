/** An error as AWS sends it. Its body never repeats what the caller sent. */
export type AwsError = {
  readonly kind: 'error'
  /** Usually an `AwsErrorName`; a fault on demand may have another name. */
  readonly name: string
  readonly message: string
  readonly reason?: string
  readonly fields?: readonly FieldProblem[]
  /** The HTTP status, if it is not the default of `name`. */
  readonly status?: number
}

export type FieldProblem = { readonly name: string; readonly message: string }

/** An error with the given name; `more` adds reason, fields or status. */
export function awsError(name: AwsErrorName, message: string, more: Partial<AwsError> = {}): AwsError {
  return { ...more, kind: 'error', name, message }
}

/** The HTTP status AWS answers with: 400 for every client fault of the service, throttling and quota included. */
export function statusOf(error: AwsError): number {
  return error.status ?? defaultStatus(error.name)
}

/** The default status of an error; 400 for an unknown one. */
export function defaultStatus(name: string): number {
  return Object.hasOwn(ERROR_STATUS, name) ? ERROR_STATUS[name as AwsErrorName] : 400
}

/** The body of an error answer: AWS JSON 1.0, `__type` with its namespace. */
export function errorBody(error: AwsError, requestId: string): string {
  // A denial without a reason is from IAM, which answers before the service.
  const isDenial = error.name === 'AccessDeniedException' && error.reason === undefined
  const ours = !isDenial && !FRONT_DOOR_ERRORS.has(error.name)
  return JSON.stringify({
    __type: `${ours ? 'com.amazonaws.pinpointsmsvoicev2' : 'com.amazon.coral.service'}#${error.name}`,
    Message: error.message,
    Reason: error.reason,
    Fields: error.fields?.map(field => ({ Name: field.name, Message: field.message })),
    RequestId: error.name === 'InternalServerException' ? requestId : undefined,
  })
}

export type AwsErrorName = keyof typeof ERROR_STATUS

/** Every error this stand-in can answer with, and its status. */
const ERROR_STATUS = {
  AccessDeniedException: 400,
  ConflictException: 400,
  InternalServerException: 500,
  ResourceNotFoundException: 400,
  ServiceQuotaExceededException: 400,
  ThrottlingException: 400,
  ValidationException: 400,
  // Common to all AWS services, and answered before the service itself.
  ExpiredTokenException: 403,
  IncompleteSignature: 400,
  InvalidSignatureException: 403,
  MissingAuthenticationTokenException: 403,
  RequestEntityTooLargeException: 413,
  SerializationException: 400,
  ServiceUnavailableException: 503,
  UnknownOperationException: 400,
  UnrecognizedClientException: 403,
} as const

export const ERROR_NAMES = Object.keys(ERROR_STATUS) as AwsErrorName[]

const FRONT_DOOR_ERRORS: ReadonlySet<string> = new Set([
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'RequestEntityTooLargeException',
  'SerializationException',
  'ServiceUnavailableException',
  'UnknownOperationException',
  'UnrecognizedClientException',
] satisfies AwsErrorName[])
