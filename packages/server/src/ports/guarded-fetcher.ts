import { lookup } from 'node:dns'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { type Fetcher, FetchRefused, type OutgoingRequest } from '../domain/ports.ts'

const defaults = { maxBytes: 65_536, timeoutMilliseconds: 5000 } as const

/** What may be reached although its address is private: `host:port`, or `host` for the default port of the scheme. */
export interface FetcherOptions {
  readonly allowedHosts: readonly string[]
}

/** Reaches public https addresses, and the hosts that the configuration allows by either scheme (RFC 9700 §4.12, SSRF). */
export function guardedFetcher({ allowedHosts }: FetcherOptions): Fetcher {
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()))
  return {
    async fetch(outgoing) {
      const url = URL.parse(outgoing.url)
      if (url === null) throw new FetchRefused('the URL is malformed')
      // A host alone must not open its other ports: a database listens there, and no application.
      const isAllowed = allowed.has(url.host) || (url.port === '' && allowed.has(withPort(url)))
      if (url.protocol !== 'https:' && !(isAllowed && url.protocol === 'http:')) {
        throw new FetchRefused('only https is fetched')
      }
      if (url.username !== '' || url.password !== '') throw new FetchRefused('the URL holds credentials')
      const response = await send(url, outgoing, isAllowed ? lookup : guardedLookup)
      if (response.status >= 300 && response.status < 400)
        throw new FetchRefused('redirects are not followed')
      return response
    },
  }
}

// What is checked is what is connected to: a second look-up could answer another address.
const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, '')
    const refused = addresses.find(({ address }) => !isPublicAddress(address))
    const [first] = addresses
    if (refused !== undefined || first === undefined)
      return callback(new FetchRefused('the address is not public'), '')
    if (options.all === true) return callback(null, addresses)
    callback(null, first.address, first.family)
  })
}

const notPublic = new BlockList()
// RFC 6890 and its registry, as far as a server could be tricked into them.
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  // Public, and yet the inside of a cloud: what Azure's machines ask for their secrets.
  ['168.63.129.16', 32],
] as const) {
  notPublic.addSubnet(network, prefix, 'ipv4')
}

// RFC 4291 §2.4: only this is global; tunnels and documentation are left out of it below.
const globalUnicast = new BlockList()
globalUnicast.addSubnet('2000::', 3, 'ipv6')
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  notPublic.addSubnet(network, prefix, 'ipv6')
}
const mappedIpv4 = new BlockList()
mappedIpv4.addSubnet('::ffff:0:0', 96, 'ipv6')

/** Whether an IP address is one of the public internet; an IPv4 address in IPv6 clothes is judged as what it is. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !notPublic.check(address, 'ipv4')
  const isReachable = globalUnicast.check(address, 'ipv6') || mappedIpv4.check(address, 'ipv6')
  return family === 6 && isReachable && !notPublic.check(address, 'ipv6')
}

function withPort({ hostname, protocol }: URL): string {
  return `${hostname}:${protocol === 'https:' ? 443 : 80}`
}

function send(url: URL, outgoing: OutgoingRequest, resolve: LookupFunction | typeof lookup) {
  const { maxBytes = defaults.maxBytes, timeoutMilliseconds = defaults.timeoutMilliseconds } = outgoing
  // An address in the URL is connected to without any look-up.
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  if (resolve === guardedLookup && isIP(literal) !== 0 && !isPublicAddress(literal)) {
    throw new FetchRefused('the address is not public')
  }
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise<{ status: number; contentType: string; text: string }>((fulfil, reject) => {
    const fail = (error: Error) =>
      reject(error instanceof FetchRefused ? error : new FetchRefused('nobody answered', { cause: error }))
    const sent = request(
      url,
      {
        method: outgoing.method ?? 'GET',
        headers: { 'user-agent': 'Valetkey', ...outgoing.headers },
        lookup: resolve as LookupFunction,
        agent: false,
        signal: AbortSignal.timeout(timeoutMilliseconds),
      },
      (response) => readAnswer(response, maxBytes).then(fulfil, fail),
    )
    sent.on('error', fail)
    sent.end(outgoing.body)
  })
}

async function readAnswer(response: IncomingMessage, maxBytes: number) {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response) {
    length += chunk.length
    if (length > maxBytes) {
      response.destroy()
      throw new FetchRefused('the answer is too long')
    }
    chunks.push(chunk)
  }
  const contentType = response.headers['content-type'] ?? ''
  return { status: response.statusCode ?? 0, contentType, text: Buffer.concat(chunks).toString('utf8') }
}
