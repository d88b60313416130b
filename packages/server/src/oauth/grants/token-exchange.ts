import type { Client } from '../../domain/client.ts'
import type { UserId } from '../../domain/ids.ts'
import type { Call } from '../call.ts'
import {
  accessTokenType,
  type ExchangedToken,
  idTokenType,
  readExchangedToken,
  userOf,
} from '../exchanged-token.ts'
import { isGrantRevoked } from '../grant-id.ts'
import { many, optional, type Params, required } from '../params.ts'
import { refuse } from '../refusal.ts'
import { representedRules, representedTarget } from '../represented.ts'
import { rule } from '../rule.ts'
import type { Actor } from '../token-formats/token-format.ts'
import { originsOf } from '../token-id.ts'
import { defineGrant } from './grant.ts'

const notAllowed = rule({
  id: 'exchange.not_allowed',
  clause: 'RFC 8693 §1.1',
  error: 'unauthorized_client',
  description: 'The client may not exchange tokens in this way',
})
const requestedType = rule({
  id: 'exchange.requested_token_type',
  clause: 'RFC 8693 §2.1',
  error: 'invalid_request',
  description: 'requested_token_type must be urn:ietf:params:oauth:token-type:access_token',
})
const actorTypeAlone = rule({
  id: 'exchange.actor_token_type',
  clause: 'RFC 8693 §2.1',
  error: 'invalid_request',
  description: 'actor_token and actor_token_type must come together or not at all',
})
const unknownType = rule({
  id: 'exchange.token_type_unsupported',
  clause: 'RFC 8693 §3',
  error: 'invalid_request',
  description: 'The type of a token must be access_token or id_token of urn:ietf:params:oauth:token-type',
})
const invalidSubject = rule({
  id: 'exchange.subject_token_invalid',
  clause: 'RFC 8693 §2.2.2',
  error: 'invalid_request',
  description: 'subject_token is invalid, expired or revoked',
})
const subjectNotForClient = rule({
  id: 'exchange.subject_token_not_for_client',
  clause: 'RFC 8693 §2.2.2',
  error: 'invalid_request',
  description: 'subject_token was neither issued to the client nor meant for the API that it is',
})
const noUser = rule({
  id: 'exchange.subject_not_a_user',
  clause: 'RFC 8693 §2.2.2',
  error: 'invalid_request',
  description: 'subject_token is about no user, or about one who is gone or blocked',
})
const invalidActor = rule({
  id: 'exchange.actor_token_invalid',
  clause: 'RFC 8693 §2.2.2',
  error: 'invalid_request',
  description: 'actor_token must be a valid token that was issued to the client',
})
const chainTooLong = rule({
  id: 'exchange.chain_too_long',
  clause: 'RFC 8693 §4.1',
  error: 'invalid_request',
  description: 'Delegation chain (`act` claim) depth exceeds the maximum allowed limit of 4',
})

const tooOften = rule({
  id: 'exchange.too_often',
  clause: 'RFC 8693 §2.2.2',
  error: 'invalid_request',
  description: 'subject_token comes from too many exchanges in a row',
})

const longestChain = 4
/** Each exchange makes a token longer, and costs a look more whenever the token is read. */
const mostExchanges = 8
const longestToken = 16_384

const params = {
  subject_token: required(longestToken),
  subject_token_type: required(),
  actor_token: optional(longestToken),
  actor_token_type: optional(),
  requested_token_type: optional(),
  audience: optional(),
  resource: many(),
  scope: optional(),
} as const

/** A token for a token (RFC 8693): in the user's place (impersonation), or on the user's behalf (delegation, with `act`). */
export const tokenExchangeGrant = defineGrant({
  grantType: 'urn:ietf:params:oauth:grant-type:token-exchange',
  clientAuth: 'confidential',
  params,
  rules: [
    notAllowed,
    requestedType,
    actorTypeAlone,
    unknownType,
    invalidSubject,
    subjectNotForClient,
    tooOften,
    noUser,
    invalidActor,
    chainTooLong,
    ...representedRules,
  ],
  async decide(asked, client, call) {
    checkKind(asked, client)
    const subject = await subjectOf(asked, client, call)
    const user = await userOf(subject, call)
    if (user === undefined) throw refuse(noUser)
    // RFC 7009 §2.1: until there is a new grant, a client whose access was taken back gets none by way of another's.
    const { grantId } = subject
    if (await isGrantRevoked({ grantId, userId: user.id, clientId: client.id }, call))
      throw refuse(invalidSubject, 'the owner took the access of the client back')
    const actor = await actorOf(asked, subject, client, call)
    const { api, scope } = await targetOf(asked, { ...subject, owner: user.id }, client, call)
    return {
      subject: { kind: 'represented', user },
      // What was exchanged dies with what it was exchanged for.
      grantId,
      ...(subject.held !== undefined && { exchangedFrom: subject.held }),
      notAfter: subject.expiresAt,
      scope,
      api,
      ...(actor !== undefined && { actor }),
      grantLabel: 'urn:ietf:params:oauth:grant-type:token-exchange',
      issuedTokenType: accessTokenType,
      refreshToken: { kind: 'none' },
    }
  },
})

type Asked = Params<typeof params>

function checkKind(asked: Asked, { tokenExchange }: Client): void {
  const isAllowed =
    asked.actor_token === undefined
      ? tokenExchange?.impersonation || tokenExchange?.delegation
      : tokenExchange?.delegation
  if (!isAllowed) throw refuse(notAllowed)
  if ((asked.requested_token_type ?? accessTokenType) !== accessTokenType) throw refuse(requestedType)
  if ((asked.actor_token === undefined) !== (asked.actor_token_type === undefined))
    throw refuse(actorTypeAlone)
  for (const type of [asked.subject_token_type, asked.actor_token_type ?? accessTokenType])
    if (type !== accessTokenType && type !== idTokenType) throw refuse(unknownType)
}

async function subjectOf(asked: Asked, client: Client, call: Call): Promise<ExchangedToken> {
  const subject = await readExchangedToken(asked.subject_token, asked.subject_token_type, client, call)
  if (subject === undefined) throw refuse(invalidSubject)
  const api = client.resourceServerIdentifier
  const isForClient = subject.isOwn || (api !== undefined && subject.audience.includes(api))
  if (!isForClient) throw refuse(subjectNotForClient)
  const { held } = subject
  if (held !== undefined && originsOf(held.tokenId).length >= mostExchanges) throw refuse(tooOften)
  return subject
}

// Who acted before stays in the chain, also where the client impersonates (RFC 8693 §4.1).
async function actorOf(
  asked: Asked,
  subject: ExchangedToken,
  client: Client,
  call: Call,
): Promise<Actor | undefined> {
  const sub = await actingFor(asked, client, call)
  if (sub === undefined) return subject.actor
  const actor = { sub, ...(subject.actor !== undefined && { act: subject.actor }) }
  if (chainLength(actor) > longestChain) throw refuse(chainTooLong)
  return actor
}

async function actingFor(asked: Asked, client: Client, call: Call): Promise<string | undefined> {
  if (asked.actor_token !== undefined) {
    const type = asked.actor_token_type ?? accessTokenType
    const actor = await readExchangedToken(asked.actor_token, type, client, call)
    if (actor?.isOwn !== true) throw refuse(invalidActor)
    if (actor.userId !== undefined && (await userOf(actor, call)) === undefined) throw refuse(invalidActor)
    return actor.subject
  }
  // Auth0's on-behalf-of exchange: a client that may not impersonate acts itself.
  return client.tokenExchange?.impersonation ? undefined : client.id
}

function chainLength(actor: Actor): number {
  return actor.act === undefined ? 1 : 1 + chainLength(actor.act)
}

function targetOf(
  asked: Asked,
  { owner, ...subject }: ExchangedToken & { readonly owner: UserId },
  client: Client,
  call: Call,
) {
  const [first, ...others] = subject.audience
  const only = others.length === 0 ? first : undefined
  const isNamed = asked.audience !== undefined || asked.resource.length > 0
  const audience = isNamed ? asked.audience : only
  const request = {
    ...asked,
    audience,
    owner,
    ...(subject.scope !== undefined && { ceiling: subject.scope }),
  }
  // RFC 8693 §2.1: fewer scopes of what the client holds already.
  return representedTarget(
    { ...request, ...(subject.isOwn && only !== undefined && { held: only }) },
    client,
    call,
  )
}
