-- Nouns keep what is searched, unique or joined in columns, and the rest as JSON in `body`. Times are epoch seconds.
-- Only tables that are read by their whole key are `without rowid`: for others the planner would walk through the key
-- of a tenant instead of using their second index.

create table tenant (
  id text not null primary key,
  version integer not null,
  body text not null
) strict, without rowid;

create table client (
  tenant_id text not null references tenant (id) on delete cascade,
  id text not null,
  version integer not null,
  body text not null,
  primary key (tenant_id, id)
) strict;

create table resource_server (
  tenant_id text not null references tenant (id) on delete cascade,
  id text not null,
  version integer not null,
  identifier text not null,
  body text not null,
  primary key (tenant_id, id),
  unique (tenant_id, identifier)
) strict;

create table client_grant (
  tenant_id text not null,
  id text not null,
  version integer not null,
  client_id text not null,
  audience text not null,
  subject_type text not null,
  body text not null,
  primary key (tenant_id, id),
  unique (tenant_id, client_id, audience, subject_type),
  foreign key (tenant_id, client_id) references client (tenant_id, id) on delete cascade
) strict;

create table connection (
  tenant_id text not null references tenant (id) on delete cascade,
  id text not null,
  version integer not null,
  name text not null,
  body text not null,
  primary key (tenant_id, id),
  unique (tenant_id, name)
) strict;

create table user_account (
  tenant_id text not null,
  id text not null,
  version integer not null,
  connection_id text not null,
  email text,
  username text,
  body text not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, connection_id) references connection (tenant_id, id) on delete cascade
) strict;

create unique index user_account_by_email on user_account (tenant_id, connection_id, email) where email is not null;

create unique index user_account_by_username on user_account (tenant_id, connection_id, username) where username is not null;

-- Deleting a connection finds its users here, also those with neither.
create index user_account_by_connection on user_account (tenant_id, connection_id);

create table password_credential (
  tenant_id text not null,
  user_id text not null,
  body text not null,
  primary key (tenant_id, user_id),
  foreign key (tenant_id, user_id) references user_account (tenant_id, id) on delete cascade
) strict, without rowid;

create table session (
  tenant_id text not null,
  hash text not null,
  id text not null,
  user_id text not null,
  authenticated_at integer not null,
  methods text not null,
  expires_at integer not null,
  idle_expires_at integer not null,
  primary key (tenant_id, hash),
  unique (tenant_id, id),
  foreign key (tenant_id, user_id) references user_account (tenant_id, id) on delete cascade
) strict;

create index session_by_user on session (tenant_id, user_id);

create index session_by_end on session (idle_expires_at);

create table consent (
  tenant_id text not null,
  user_id text not null,
  client_id text not null,
  audience text not null,
  body text not null,
  primary key (tenant_id, user_id, client_id, audience),
  foreign key (tenant_id, user_id) references user_account (tenant_id, id) on delete cascade,
  foreign key (tenant_id, client_id) references client (tenant_id, id) on delete cascade
) strict;

create index consent_by_client on consent (tenant_id, client_id);

create table grant_revocation (
  tenant_id text not null,
  grant_id text not null,
  expires_at integer not null,
  primary key (tenant_id, grant_id)
) strict, without rowid;

create index grant_revocation_by_end on grant_revocation (expires_at);

create table refresh_token (
  tenant_id text not null,
  selector text not null,
  current_hash text not null,
  previous_hash text,
  rotated_at integer,
  grant_id text not null,
  client_id text not null,
  user_id text not null,
  body text not null,
  authenticated_at integer not null,
  created_at integer not null,
  expires_at integer,
  idle_expires_at integer,
  ends_at integer,
  primary key (tenant_id, selector),
  foreign key (tenant_id, user_id) references user_account (tenant_id, id) on delete cascade,
  foreign key (tenant_id, client_id) references client (tenant_id, id) on delete cascade
) strict;

create index refresh_token_by_user on refresh_token (tenant_id, user_id, selector);

create index refresh_token_by_client on refresh_token (tenant_id, client_id, user_id);

create index refresh_token_by_grant on refresh_token (tenant_id, grant_id);

create index refresh_token_by_end on refresh_token (ends_at) where ends_at is not null;

create table signing_key (
  tenant_id text not null references tenant (id) on delete cascade,
  algorithm text not null,
  sequence integer not null,
  kid text not null,
  body text not null,
  primary key (tenant_id, algorithm, sequence),
  unique (tenant_id, algorithm, kid)
) strict;

-- No reference to the tenant: every put would lock its one row. The trigger below removes them with the tenant.
create table artifact (
  tenant_id text not null,
  kind text not null,
  hash text not null,
  body text not null,
  expires_at integer not null,
  used_at integer,
  primary key (tenant_id, kind, hash)
) strict, without rowid;

create index artifact_by_end on artifact (expires_at);

create table counter (
  tenant_id text not null,
  name text not null,
  hits integer not null,
  ends_at integer not null,
  primary key (tenant_id, name)
) strict, without rowid;

create index counter_by_end on counter (ends_at);

-- Tells the caches of every process that something they hold has changed. Triggers, so that no writer can forget.
-- The row outlives its tenant: a tenant created again under the same id must not begin at an old version.
create table tenant_change (
  tenant_id text not null primary key,
  version integer not null
) strict, without rowid;

create trigger tenant_insert after insert on tenant begin
  insert into tenant_change (tenant_id, version) values (new.id, 1)
    on conflict (tenant_id) do update set version = version + 1;
end;

create trigger tenant_update after update on tenant begin
  insert into tenant_change (tenant_id, version) values (new.id, 1)
    on conflict (tenant_id) do update set version = version + 1;
end;

create trigger tenant_delete after delete on tenant begin
  insert into tenant_change (tenant_id, version) values (old.id, 1)
    on conflict (tenant_id) do update set version = version + 1;
  delete from artifact where tenant_id = old.id;
  delete from counter where tenant_id = old.id;
  delete from grant_revocation where tenant_id = old.id;
end;

create trigger client_insert after insert on client begin
  insert into tenant_change (tenant_id, version) values (new.tenant_id, 1)
    on conflict (tenant_id) do update set version = version + 1;
end;

create trigger client_update after update on client begin
  insert into tenant_change (tenant_id, version) values (new.tenant_id, 1)
    on conflict (tenant_id) do update set version = version + 1;
end;

create trigger client_delete after delete on client begin
  insert into tenant_change (tenant_id, version) values (old.tenant_id, 1)
    on conflict (tenant_id) do update set version = version + 1;
end;

create trigger resource_server_insert after insert on resource_server begin
  insert into tenant_change (tenant_id, version) values (new.tenant_id, 1)
    on conflict (tenant_id) do update set version = version + 1;
end;

create trigger resource_server_update after update on resource_server begin
  insert into tenant_change (tenant_id, version) values (new.tenant_id, 1)
    on conflict (tenant_id) do update set version = version + 1;
end;

create trigger resource_server_delete after delete on resource_server begin
  insert into tenant_change (tenant_id, version) values (old.tenant_id, 1)
    on conflict (tenant_id) do update set version = version + 1;
end;

create trigger client_grant_insert after insert on client_grant begin
  insert into tenant_change (tenant_id, version) values (new.tenant_id, 1)
    on conflict (tenant_id) do update set version = version + 1;
end;

create trigger client_grant_update after update on client_grant begin
  insert into tenant_change (tenant_id, version) values (new.tenant_id, 1)
    on conflict (tenant_id) do update set version = version + 1;
end;

create trigger client_grant_delete after delete on client_grant begin
  insert into tenant_change (tenant_id, version) values (old.tenant_id, 1)
    on conflict (tenant_id) do update set version = version + 1;
end;

create trigger connection_insert after insert on connection begin
  insert into tenant_change (tenant_id, version) values (new.tenant_id, 1)
    on conflict (tenant_id) do update set version = version + 1;
end;

create trigger connection_update after update on connection begin
  insert into tenant_change (tenant_id, version) values (new.tenant_id, 1)
    on conflict (tenant_id) do update set version = version + 1;
end;

create trigger connection_delete after delete on connection begin
  insert into tenant_change (tenant_id, version) values (old.tenant_id, 1)
    on conflict (tenant_id) do update set version = version + 1;
end;

create trigger signing_key_insert after insert on signing_key begin
  insert into tenant_change (tenant_id, version) values (new.tenant_id, 1)
    on conflict (tenant_id) do update set version = version + 1;
end;

create trigger signing_key_update after update on signing_key begin
  insert into tenant_change (tenant_id, version) values (new.tenant_id, 1)
    on conflict (tenant_id) do update set version = version + 1;
end;

create trigger signing_key_delete after delete on signing_key begin
  insert into tenant_change (tenant_id, version) values (old.tenant_id, 1)
    on conflict (tenant_id) do update set version = version + 1;
end;
