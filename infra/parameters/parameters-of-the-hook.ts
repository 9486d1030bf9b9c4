import { choice, number, text } from './parameter-plan.ts'

const NAME = '[A-Za-z0-9_-]'
const LANGUAGE = '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$'

/** What Hookline is called in the account, who may call it, and how it decides. */
export const hookGroups = [
  {
    label: 'Code',
    parameters: {
      CodeBucket: text(
        'Bucket with the code',
        undefined,
        '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
        'the name of an S3 bucket in this region',
        'S3 bucket in this region that holds the archives of the functions, under hookline/<release>/.',
      ),
      HookCodeVersion: codeVersion('hook'),
      AuthorizerCodeVersion: codeVersion('authorizer'),
      ReceiptsCodeVersion: codeVersion('receipts'),
    },
  },
  {
    label: 'Who may call: Okta access tokens (give all four, or orgs by name) ...',
    parameters: {
      OktaIssuer: text(
        'Issuer',
        '',
        '^(https://(?![^/]*-admin\\.okta)[a-z0-9.-]+/oauth2/(?!v1$)[A-Za-z0-9_-]+)?$',
        'a custom authorization server of Okta, such as https://example.okta.com/oauth2/default: not the org server, not the host with -admin, no slash or /v1/token at the end',
        'Issuer of the access tokens: a custom authorization server of your org, exactly as Okta shows it under Security > API.',
      ),
      OktaAudience: text(
        'Audience',
        '',
        '^\\S*$',
        'text without blanks, such as api://default',
        'Audience of the authorization server, as Okta shows it.',
      ),
      OktaClientId: text(
        'Client ID',
        '',
        '^\\S*$',
        'text without blanks, such as 0oa1a2b3c4d5e6f7g8h9',
        "Client ID of the hook's service app in Okta.",
      ),
      OktaScope: text(
        'Scope',
        '',
        '^\\S*$',
        'one scope, such as telephony.send',
        'Scope that an access token must have.',
      ),
      OktaOrgs: text(
        'Several orgs',
        '',
        '^(\\{.{1,3000}\\})?$',
        'a JSON object of at most 3000 characters, as `hookline deploy --orgs` writes it',
        'Orgs by name, instead of the four above or besides. Each has issuer, audience, clientId and scope; or, with a secret header, secretHeader, the same for all.',
      ),
    },
  },
  {
    label: '... or a secret header',
    parameters: {
      SecretHeaderName: text(
        'Name of the secret header',
        '',
        '^(?![Aa]uthorization$)([A-Za-z][A-Za-z0-9-]{0,63})?$',
        'a header name of letters, digits and hyphens, other than Authorization',
        "For orgs without Okta's API Access Management: header in which Okta sends a secret. AWS makes the secret; the output HookSecretArn says where. After a later change, deploy the API in API Gateway's console.",
      ),
    },
  },
  {
    label: 'Names',
    parameters: {
      LambdaAPITriggerFunctionName: functionName('Function that answers Okta', 'hookline-hook'),
      LambdaAuthorizerFunctionName: functionName('Function that checks who calls', 'hookline-authorizer'),
      ReceiptsFunctionName: functionName('Function that takes receipts', 'hookline-receipts'),
      ApiGatewayName: text(
        'API',
        'hookline',
        `^${NAME}{1,128}$`,
        'up to 128 letters, digits, hyphens and underscores',
        'Name of the API in API Gateway.',
      ),
      ApiStage: text(
        'Stage of the API',
        'v1',
        `^${NAME}{1,128}$`,
        'up to 128 letters, digits, hyphens and underscores',
        "First part of the path in the hook's URL.",
      ),
      ApiResourcePath: text(
        'Path of the hook',
        'mfa',
        `^${NAME}{1,64}$`,
        'one part of a path, without a slash',
        "Last part of the path in the hook's URL. After a later change, deploy the API in API Gateway's console.",
      ),
    },
  },
  {
    label: 'Words of the messages',
    parameters: {
      DefaultLocale: text(
        'Default language',
        'en',
        LANGUAGE,
        'a language tag, such as en or pt-BR',
        "Language of last resort, when there is no template for the user's.",
      ),
      FallbackVoiceLocale: text(
        'Language of calls without a voice',
        'en',
        LANGUAGE,
        'a language tag that AWS has a voice for, such as en or es-MX',
        "Language of a call, words and voice, when AWS has no voice for the user's language nor for the default.",
      ),
      OktasTextFor: text(
        "Languages of Okta's own text",
        '',
        '^([A-Za-z]{2,3}(, *[A-Za-z]{2,3})*)?$',
        'languages separated by commas, such as ht,hi, or nothing',
        "Languages in which Okta's own text is preferred to Hookline's.",
      ),
      Brand: text(
        'Brand',
        'Okta',
        "^([A-Za-z0-9 .&'-]|\\\\u[0-9a-f]{4}){1,20}$",
        "1 to 20 letters, digits, spaces and . & ' -, a letter beyond ASCII as \\u00e9",
        'Who sends, in the words of the messages. CloudFormation keeps ASCII only: `hookline deploy` takes every letter and writes it as \\u00e9, which the hook reads.',
      ),
      Domain: text(
        'Where people sign in',
        '',
        '^(([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,})?$',
        'a host name in small letters, such as login.example.com, or nothing',
        'Texts end with it and the code, by which browsers fill in the code there and nowhere else.',
      ),
      AppHash: text(
        'Hash of an Android app',
        '',
        '^([A-Za-z0-9+/]{11})?$',
        'the 11 characters of SMS Retriever, or nothing',
        'Texts end with it instead of the domain, and the app reads the code.',
      ),
      FirstName: choice(
        "The user's first name",
        'off',
        ['off', 'on'],
        "Whether templates may use the user's first name. People choose it themselves.",
      ),
    },
  },
  {
    label: 'How the hook decides',
    parameters: {
      DefaultCountry: text(
        'Default country',
        '',
        '^([A-Z]{2})?$',
        'a country code of two capital letters, such as US, or nothing',
        'Country in which numbers without + are read: as they are dialled there, or with its calling code. Without it they are sent only if they can be one number alone; eleven digits that begin with 1 are refused.',
      ),
      UnknownRanges: text(
        'Countries with new ranges',
        '',
        '^([A-Z]{2}(, *[A-Z]{2})*)?$',
        'country codes of two capital letters, separated by commas, such as BJ,CI, or nothing',
        'Countries whose numbers are sent to even where the length fits but this version does not know the range. The highest price still holds.',
      ),
      PartsMax: number(
        'Most message parts',
        2,
        1,
        10,
        "Okta's own text, and the last line for a browser or an app, are used only if the text fits. AWS bills each part.",
      ),
      MaxPricePerPart: number(
        'Highest price of a message part',
        0.5,
        0.00001,
        10,
        'US dollars. The carrier refuses what is dearer, where the route says nothing else.',
      ),
      MaxPricePerMinute: number(
        'Highest price of a minute of a call',
        1,
        0.00001,
        10,
        'US dollars. The carrier refuses what is dearer, where the route says nothing else.',
      ),
      BudgetMs: number(
        'Time for an answer',
        2_000,
        500,
        2_500,
        'Milliseconds from the arrival of a request to its answer. Okta gives up after 3000, its own token request included.',
      ),
      OverLimitAnswer: choice(
        'Answer when a limit is reached',
        'error',
        ['error', 'failed', 'silent'],
        'error tells the person to wait. With error and failed, Okta sends by its own provider where the org has one; silent looks like success, and nobody sends.',
      ),
      BlockedAnswer: choice(
        'Answer to blocked numbers',
        'silent',
        ['silent', 'error', 'failed'],
        'silent looks like success, and nobody sends. With error and failed, Okta sends by its own provider where the org has one, which undoes the block; where it has none, error lets a person who is refused wrongly see it.',
      ),
      UnknownAnswer: choice(
        'Answer when nobody can tell',
        'failed',
        ['failed', 'pending'],
        'When nobody can tell whether the carrier took the message: failed risks a second text, pending a lost code.',
      ),
    },
  },
] as const

function codeVersion(archive: string) {
  return text(
    `Version of ${archive}.zip`,
    '',
    '^[!-~]{0,1024}$',
    'the ID of a version in S3, or nothing',
    `Version of hookline/<release>/${archive}.zip in a bucket that keeps versions: the function runs exactly this one, whatever is put there later. Without it, the newest.`,
  )
}

function functionName(label: string, value: string) {
  return text(
    label,
    value,
    `^${NAME}{1,64}$`,
    'up to 64 letters, digits, hyphens and underscores',
    'Name of a function in AWS Lambda.',
  )
}
