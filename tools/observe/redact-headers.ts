/** The names of known headers, and the number of others, because a custom header may contain a company's name. */
export function redactHeaders(names: readonly string[]): readonly string[] {
  const lower = names.map(name => name.toLowerCase())
  const known = lower.filter(name => KNOWN.has(name) || OKTAS_OWN.test(name))
  const others = lower.length - known.length
  return [...new Set(known), ...(others === 0 ? [] : [`(${others} of other names)`])].sort()
}

const OKTAS_OWN = /^x-okta-[a-z-]{1,40}$/
const KNOWN: ReadonlySet<string> = new Set(
  `accept accept-charset accept-encoding accept-language authorization cache-control connection content-encoding
  content-length content-type cookie date dpop expect forwarded from host keep-alive origin pragma priority referer
  te transfer-encoding upgrade user-agent via x-forwarded-for x-forwarded-host x-forwarded-port x-forwarded-proto
  x-real-ip x-request-id x-correlation-id x-amzn-trace-id traceparent tracestate baggage b3 x-b3-traceid x-b3-spanid
  x-b3-sampled x-hookline-secret x-made-by`.split(/\s+/),
)
