/** The name of the provider in responses and in Okta's System Log. */
export const PROVIDER = 'AWS End User Messaging'
