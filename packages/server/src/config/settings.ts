import { z } from 'zod'
import { isLoopback, isNetwork, oneOf, text, urlWith, wholeNumber } from './kinds.ts'

/** What the reference and the loader need to know about a setting beside its type. */
export interface SettingMeta {
  readonly description: string
  /** Shown in the reference where the default is computed. */
  readonly defaultText?: string
}

const publicUrl = text(
  'an https address with no path, query or user (plain http only for localhost, 127.0.0.1 or [::1]), such as https://login.example.com: browsers and applications must reach this server under it through TLS',
  isPublicUrl,
)

const trustedProxies = z.union(
  [wholeNumber(0, 20), z.array(text('an address or a network', isNetwork)).max(100)],
  {
    error:
      'expected a number of proxies from 0 to 20, or a list of addresses and networks such as 10.0.0.0/8',
  },
)

/** Every setting, once: type, default and text of the reference. Names carry their units. */
export const settings = z.strictObject(
  {
    publicUrl: setting(publicUrl.optional(), {
      description:
        'The address under which browsers and applications reach this server. It is the issuer of every token, so it must not change later. `https` is required except on loopback hosts.',
      defaultText: '`http://localhost:{listen.port}/`, only while `listen.host` is a loopback address',
    }),
    listen: group({
      host: setting(text('a host name or an address', isHost).default('127.0.0.1'), {
        description:
          'The address to listen on. The server speaks plain HTTP here, unless `listen.tls` is set; a proxy in front of it speaks TLS.',
      }),
      port: setting(wholeNumber(0, 65_535).default(4400), {
        description: 'The TCP port to listen on; 0 takes any free one, and `publicUrl` must then be given.',
      }),
      tls: group({
        certificateFile: setting(text('a file name').optional(), {
          description:
            'The certificate of this server and its chain, in PEM: with it the listener speaks TLS.',
        }),
        keyFile: setting(text('a file name').optional(), {
          description: 'The private key of the certificate, in PEM.',
        }),
        clientCaFile: setting(text('a file name').optional(), {
          description:
            'The authorities that may issue certificates of clients, in PEM. With them clients are asked for a certificate, for `tls_client_auth` and `self_signed_tls_client_auth`.',
        }),
      }),
    }),
    tenant: setting(
      text('1 to 63 of a-z, 0-9 and -, beginning with a letter or a digit', isTenantId).default('main'),
      {
        description: 'The identifier of the tenant that this server serves.',
      },
    ),
    dataDirectory: setting(text('a directory').default('./data'), {
      description:
        'Where files are kept: the embedded database, its master key, the outbox. Relative to the working directory.',
    }),
    store: group({
      engine: setting(oneOf(['sqlite', 'postgres']).optional(), {
        description:
          '`sqlite`: one file, one process. `postgres`: many processes on one PostgreSQL 15 or newer.',
        defaultText: '`postgres` when `store.postgres.url` is set, otherwise `sqlite`',
      }),
      sqlite: group({
        file: setting(text('a file name, or :memory:').optional(), {
          description: 'The database file; `:memory:` forgets everything at the end of the process.',
          defaultText: '`{dataDirectory}/valetkey.db`',
        }),
      }),
      postgres: group({
        url: setting(
          urlWith(
            ['postgres:', 'postgresql:'],
            'a connection address such as postgres://user:password@host:5432/database',
          ).optional(),
          { description: 'The connection address of PostgreSQL. Secret.' },
        ),
        poolSize: setting(wholeNumber(1, 1000).optional(), {
          description: 'How many connections this process opens at most.',
          defaultText: '10',
        }),
      }),
    }),
    masterKey: setting(text('32 random bytes in base64url, 43 characters', isMasterKey).optional(), {
      description:
        'Seals client secrets and private keys at rest. Secret: whoever has it and the database has everything, and without it the database is lost. Required with PostgreSQL. Make one with `openssl rand -base64 32 | tr +/ -_ | tr -d =`.',
      defaultText: 'with SQLite a file `master.key` beside the database, made at the first start',
    }),
    trustedProxies: setting(trustedProxies.default(0), {
      description:
        'Whose `X-Forwarded-For` is believed: the number of proxies in front of this server, or their addresses and networks (in the environment separated by commas). 0 believes nobody. A proxy must drop this header when others send it, or append to it, and a number is safe only where nobody can reach this server around the proxies.',
    }),
    clientCertificateHeaders: setting(oneOf(['none', 'auth0']).default('none'), {
      description:
        '`auth0`: the proxies that `trustedProxies` names by their addresses put the certificate of a client into `Client-Certificate` (PEM, URL-encoded) and `SUCCESS` into `Client-Certificate-CA-Verified` where they verified its issuer, for `tls_client_auth` and `self_signed_tls_client_auth`. They must drop both headers when others send them: whoever writes them can be any such client. Without these headers and `listen.tls.clientCaFile` no certificate can arrive, and both methods are not offered.',
    }),
    attackProtection: group({
      failedLoginsPerAccount: setting(wholeNumber(1, 1_000_000_000).default(10), {
        description:
          'Failed logins at one account from one address (of IPv6, from one /64) within the window, before it must wait.',
      }),
      failedLoginsPerAccountOverall: setting(wholeNumber(1, 1_000_000_000).default(100), {
        description:
          'Failed logins at one account from all addresses together within the window, before it must wait. It ends what many machines guess in turn, and it lets them lock the owner out, who gets a link by mail.',
      }),
      failedLoginsPerAddress: setting(wholeNumber(1, 1_000_000_000).default(100), {
        description:
          'Failed logins from one address (of IPv6, from one /64) within the window, before it must wait.',
      }),
      userCodesPerUser: setting(wholeNumber(1, 1_000_000_000).default(20), {
        description:
          'Codes of devices, right or wrong, that one user may enter within the window. With `userCodesPerAddress` it is what keeps codes that people can type from being guessed.',
      }),
      userCodesPerAddress: setting(wholeNumber(1, 1_000_000_000).default(100), {
        description:
          'Codes of devices, right or wrong, that may be entered from one address (of IPv6, from one /64) within the window.',
      }),
      windowSeconds: setting(wholeNumber(1, 2_592_000, 'seconds').default(900), {
        description: 'How long failed logins and codes of devices are counted together.',
      }),
      failedClientSecretsPerAddress: setting(wholeNumber(1, 1_000_000_000).default(100), {
        description:
          'Wrong secrets of one client from one address (of IPv6, from one /64) within the window, before the client must wait there, also with the right one. From other addresses it goes on.',
      }),
      clientSecretWindowSeconds: setting(wholeNumber(1, 2_592_000, 'seconds').default(600), {
        description:
          'How long wrong client secrets are counted together, and how long a client waits at most: a stranger behind the same address can make it wait.',
      }),
      registrationsPerAddress: setting(wholeNumber(1, 1_000_000_000).default(100), {
        description:
          'Registrations of clients from one address (of IPv6, from one /64) within the window, where everybody may register; those with an initial access token are not counted. Raise it where one address registers many, such as a test suite.',
      }),
      registrationWindowSeconds: setting(wholeNumber(1, 2_592_000, 'seconds').default(3600), {
        description: 'How long registrations are counted together.',
      }),
    }),
    shutdownGraceSeconds: setting(wholeNumber(0, 3600, 'seconds').default(25), {
      description: 'How long requests that were begun may take to finish after SIGTERM or SIGINT.',
    }),
    mail: group({
      smtpUrl: setting(
        urlWith(
          ['smtp:', 'smtps:'],
          'an address such as smtps://user:password@mail.example.com:465',
        ).optional(),
        {
          description:
            'The SMTP server that delivers mail. Secret. Without it mail is written to files in `{dataDirectory}/outbox`, for development.',
        },
      ),
      from: setting(text('a sender such as Example <no-reply@example.com>', isSender).optional(), {
        description: 'The sender of mail. Required with `mail.smtpUrl`.',
        defaultText: '`Valetkey <no-reply@localhost>`',
      }),
    }),
    outgoing: group({
      allowedHosts: setting(
        z.array(text('a host, or a host and a port such as internal.example:8443')).max(100).default([]),
        {
          description:
            'Hosts that may be reached although they have private or loopback addresses, for keys, request objects and logout of applications in your own network. `host:port`, or `host` for the default port of the scheme; in the environment separated by commas.',
        },
      ),
    }),
    log: group({
      level: setting(oneOf(['info', 'warn', 'error', 'silent']).default('info'), {
        description: 'The least grave events that are logged, as JSON lines on standard error.',
      }),
    }),
    limits: group({
      requestBodyBytes: setting(wholeNumber(1024, 10_485_760, 'bytes').default(65_536), {
        description: 'The longest request body that is read.',
      }),
    }),
  },
  { error: groupError },
)

export type Settings = z.output<typeof settings>

function setting<Schema extends z.ZodType>(schema: Schema, meta: SettingMeta): Schema {
  return schema.meta({ ...meta }) as Schema
}

function group<Shape extends z.ZodRawShape>(shape: Shape) {
  return z
    .strictObject(shape, { error: groupError })
    .prefault({} as z.input<z.ZodObject<Shape, z.core.$strict>>)
}

function groupError(issue: { readonly code?: string }): string | undefined {
  return issue.code === 'invalid_type' ? 'expected a group of settings' : undefined
}

function isPublicUrl(value: string): boolean {
  const url = URL.parse(value)
  if (url === null || url.pathname !== '/' || /[?#]/.test(value)) return false
  if (url.username !== '' || url.password !== '' || url.hostname === '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
}

function isHost(value: string): boolean {
  return value.length <= 253 && /^[A-Za-z0-9.:_-]+$/.test(value)
}

function isTenantId(value: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,62}$/.test(value)
}

function isMasterKey(value: string): boolean {
  const bytes = Buffer.from(value, 'base64url')
  return bytes.length === 32 && bytes.toString('base64url') === value
}

function isSender(value: string): boolean {
  return value.length <= 320 && /^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/.test(value)
}
