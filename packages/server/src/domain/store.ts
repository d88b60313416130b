// The contract every storage engine keeps. Each verb is atomic and durable when its promise resolves; a verb that must
// happen once is one verb. Absent is `undefined`, a unique clash is `StoreConflict`, text that no engine can hold is
// `StoreInvalid`, an engine that does not answer is `StoreUnavailable`; nothing else leaves.
import type { Artifact, ArtifactKind, ListedArtifact, Redeemed } from './artifact.ts'
import type { Client } from './client.ts'
import type { Consent } from './consent.ts'
import type {
  ClientGrantId,
  ClientId,
  ConnectionId,
  EpochSeconds,
  GrantBond,
  GrantId,
  ResourceServerId,
  RoleId,
  SessionId,
  TenantId,
  TokenId,
  UserId,
} from './ids.ts'
import type { RefreshToken } from './refresh-token.ts'
import type { ClientGrant, ResourceServer } from './resource-server.ts'
import type { Role } from './role.ts'
import type { Hashed } from './secrets.ts'
import type { Session } from './session.ts'
import type { SigningAlgorithm, SigningKey } from './signing-key.ts'
import type { Tenant } from './tenant.ts'
import type { Connection, PasswordCredential, User } from './user.ts'

/** A storage engine. */
export interface Store {
  readonly tenants: Rows<TenantId, Tenant>
  /** The only way to a tenant's rows. */
  forTenant(id: TenantId): TenantStore
  /** Applies missing migrations under a lock and answers their names, oldest first. */
  migrate(): Promise<readonly string[]>
  /** Removes at most `limit` rows that ended before `now`, and answers how many it removed. */
  removeExpired(now: EpochSeconds, limit: number): Promise<number>
  /** Waits for what was begun, then lets go of files and connections. */
  close(): Promise<void>
}

export interface TenantStore {
  readonly clients: Rows<ClientId, Client>
  readonly resourceServers: Rows<ResourceServerId, ResourceServer> & {
    findByIdentifier(identifier: string): Promise<ResourceServer | undefined>
  }
  readonly clientGrants: Rows<ClientGrantId, ClientGrant> & {
    findFor(
      clientId: ClientId,
      audience: string,
      subjectType: 'client' | 'user',
    ): Promise<ClientGrant | undefined>
  }
  readonly connections: Rows<ConnectionId, Connection> & {
    findByName(name: string): Promise<Connection | undefined>
  }
  readonly users: Rows<UserId, User> & {
    /** `identifier`: an e-mail address or a user name, in any case. */
    findByIdentifier(connectionId: ConnectionId, identifier: string): Promise<User | undefined>
  }
  readonly roles: Rows<RoleId, Role> & {
    findByName(name: string): Promise<Role | undefined>
    /** In the order of ids. */
    ofUser(userId: UserId): Promise<readonly Role[]>
    usersOf(roleId: RoleId, page: PageRequest): Promise<Page<UserId>>
    /** `StoreInvalid` when there is no such user or role. */
    assign(userId: UserId, roleId: RoleId): Promise<void>
    /** Answers whether the user had it. */
    unassign(userId: UserId, roleId: RoleId): Promise<boolean>
  }
  readonly passwords: {
    find(userId: UserId): Promise<PasswordCredential | undefined>
    /** Creates or replaces. */
    save(credential: PasswordCredential): Promise<void>
  }
  readonly sessions: {
    create(session: Session): Promise<void>
    /** Only a session that has not ended. */
    find(hash: Hashed, now: EpochSeconds): Promise<Session | undefined>
    /** Moves the idle end; never beyond the absolute one. */
    touch(hash: Hashed, idleExpiresAt: EpochSeconds): Promise<void>
    /** Gives the session of this id and user a new secret, new times and methods; its clients stay. Answers whether there was one. */
    renew(session: Session): Promise<boolean>
    /** Exactly one caller is told that there was one. */
    delete(id: SessionId): Promise<boolean>
    /** Notes that a client got tokens in this session, so that it can be told of the logout. Repeating it changes nothing. */
    join(id: SessionId, clientId: ClientId): Promise<void>
    /** The clients that joined the session, in the order of their ids. Empty when the session is gone. */
    clientsOf(id: SessionId): Promise<readonly ClientId[]>
  }
  readonly consents: {
    find(userId: UserId, clientId: ClientId, audience: string): Promise<Consent | undefined>
    /** Creates or replaces. */
    save(consent: Consent): Promise<void>
    list(userId: UserId, page: PageRequest): Promise<Page<Consent>>
    delete(userId: UserId, clientId: ClientId, audience: string): Promise<boolean>
  }
  readonly refreshTokens: RefreshTokens
  readonly grants: {
    /** Ends everything issued under the grant, also what is still being issued; or one token. Kept until `expiresAt`. */
    revoke(id: GrantId | TokenId, expiresAt: EpochSeconds): Promise<void>
    /** Ends every grant under the bond that was given at or before `until`. */
    revokeGiven(bond: GrantBond, until: EpochSeconds, expiresAt: EpochSeconds): Promise<void>
    /** Whether the grant ended: by itself, as the token that is asked about, or with all others under its bond. */
    isRevoked(id: GrantId, more?: GrantDetails): Promise<boolean>
  }
  readonly signingKeys: {
    /** All keys, newest first within an algorithm. */
    list(): Promise<readonly SigningKey[]>
    /** `StoreConflict` when another caller added this sequence number first. */
    add(key: SigningKey): Promise<void>
    delete(algorithm: SigningAlgorithm, kid: string): Promise<boolean>
  }
  readonly artifacts: Artifacts
  readonly counters: {
    /** Counts one hit and answers the hits in the window that began with the first; a window that has ended begins anew. */
    hit(key: string, windowSeconds: number, now: EpochSeconds): Promise<number>
    /** The hits in the running window, counting none. */
    read(key: string, now: EpochSeconds): Promise<number>
    /** Takes one hit of the running window back; never below none. */
    giveBack(key: string, now: EpochSeconds): Promise<void>
    reset(key: string): Promise<void>
  }
}

/** What else can have ended a grant. */
export interface GrantDetails {
  readonly tokenId?: TokenId
  readonly bond?: GrantBond
  /** When the grant was given; needed with `bond`. */
  readonly givenAt?: EpochSeconds
}

/** What people list and edit. */
export interface Rows<Id, Noun extends { readonly id: Id; readonly version: number }> {
  /** Stores with version 1, whatever the given version. `StoreConflict` when the id or a unique member is taken. */
  create(noun: Noun): Promise<Noun>
  find(id: Id): Promise<Noun | undefined>
  /** In the order of ids (byte order). */
  list(page: PageRequest): Promise<Page<Noun>>
  /** Replaces the row that still has `noun.version`, and raises it. */
  update(noun: Noun): Promise<Updated<Noun>>
  /** Answers whether there was one. */
  delete(id: Id): Promise<boolean>
}

export type Updated<Noun> =
  | { readonly kind: 'updated'; readonly value: Noun }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'missing' }

export interface PageRequest {
  /** The `next` of the page before. */
  readonly after?: string
  /** 1 to 1000. */
  readonly limit: number
}

export interface Page<Noun> {
  readonly items: readonly Noun[]
  /** Absent on the last page. */
  readonly next?: string
}

/** What the protocol passes around and forgets. An artifact past its end is missing to every verb. */
export interface Artifacts {
  /** `StoreConflict` when one of this kind and hash is still alive. */
  put<Body>(
    kind: ArtifactKind<Body>,
    hash: Hashed,
    artifact: Artifact<Body>,
    now: EpochSeconds,
  ): Promise<void>
  /** Reads and decides nothing; also an artifact that was redeemed. */
  peek<Body>(kind: ArtifactKind<Body>, hash: Hashed, now: EpochSeconds): Promise<Body | undefined>
  /** The living ones of a kind in the order of their hashes, also redeemed ones; decides nothing. */
  list<Body>(
    kind: ArtifactKind<Body>,
    page: PageRequest,
    now: EpochSeconds,
  ): Promise<Page<ListedArtifact<Body>>>
  /** Replaces the body; answers whether there was one. */
  replace<Body>(kind: ArtifactKind<Body>, hash: Hashed, body: Body, now: EpochSeconds): Promise<boolean>
  /** Removes; exactly one caller gets it. */
  take<Body>(kind: ArtifactKind<Body>, hash: Hashed, now: EpochSeconds): Promise<Body | undefined>
  /** Marks; exactly one caller is `first`, and a replay stays visible until the artifact ends. */
  redeem<Body>(kind: ArtifactKind<Body>, hash: Hashed, now: EpochSeconds): Promise<Redeemed<Body>>
}

export interface RefreshTokens {
  create(token: RefreshToken): Promise<void>
  /** Only a family that has not ended and whose grant is not revoked. Decides nothing. */
  find(selector: Hashed, now: EpochSeconds): Promise<RefreshToken | undefined>
  /** Moves on to `successor`, in one statement. */
  rotate(rotation: Rotation): Promise<Rotated>
  /** Uses a token that does not rotate: moves the idle end. Answers `undefined` unless `presented` is the current one. */
  use(
    selector: Hashed,
    presented: Hashed,
    now: EpochSeconds,
    idleExpiresAt: EpochSeconds | undefined,
  ): Promise<RefreshToken | undefined>
  /** The living families of a user. */
  list(userId: UserId, page: PageRequest, now: EpochSeconds): Promise<Page<RefreshToken>>
  /** Answers how many families it removed. */
  deleteFor(userId: UserId, clientId: ClientId): Promise<number>
}

export interface Rotation {
  readonly selector: Hashed
  readonly presented: Hashed
  readonly successor: Hashed
  readonly now: EpochSeconds
  readonly leewaySeconds: number
  readonly idleExpiresAt: EpochSeconds | undefined
}

/**
 * `rotated`: this call moved the family on. `repeated`: `presented` is the one before the current one, less than the leeway ago,
 * and `successor` is the current one. `reused`: the family lives and `presented` is older, or outside the leeway.
 */
export type Rotated =
  | { readonly kind: 'rotated'; readonly token: RefreshToken }
  | { readonly kind: 'repeated'; readonly token: RefreshToken }
  | { readonly kind: 'reused'; readonly token: RefreshToken }
  | { readonly kind: 'missing' }

/** A unique clash. `what` names the noun, never a value. */
export class StoreConflict extends Error {
  readonly what: string
  constructor(what: string) {
    super(`${what} exists already`)
    this.name = 'StoreConflict'
    this.what = what
  }
}

/**
 * A value that no engine can hold: NUL, a lone surrogate, over-long text, a number that is not a safe integer; or a row
 * that belongs to none, such as a session whose user was just deleted.
 */
export class StoreInvalid extends Error {
  readonly what: string
  constructor(what: string, why: string) {
    super(`${what} ${why}`)
    this.name = 'StoreInvalid'
    this.what = what
  }
}

/** The engine did not answer; the caller may try again. Never reported as `invalid_client` or `invalid_grant`. */
export class StoreUnavailable extends Error {
  constructor(cause: unknown) {
    super('the store did not answer', { cause })
    this.name = 'StoreUnavailable'
  }
}
