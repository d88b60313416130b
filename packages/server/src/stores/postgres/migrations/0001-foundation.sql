-- Nouns keep what is searched, unique or joined in columns, and the rest as JSON in `body`. Times are epoch seconds.

create table tenant (
  id text collate "C" not null primary key,
  version bigint not null,
  body text not null
);

create table client (
  tenant_id text collate "C" not null references tenant (id) on delete cascade,
  id text collate "C" not null,
  version bigint not null,
  body text not null,
  primary key (tenant_id, id)
);

create table resource_server (
  tenant_id text collate "C" not null references tenant (id) on delete cascade,
  id text collate "C" not null,
  version bigint not null,
  identifier text collate "C" not null,
  body text not null,
  primary key (tenant_id, id),
  unique (tenant_id, identifier)
);

create table client_grant (
  tenant_id text collate "C" not null,
  id text collate "C" not null,
  version bigint not null,
  client_id text collate "C" not null,
  audience text collate "C" not null,
  subject_type text not null,
  body text not null,
  primary key (tenant_id, id),
  unique (tenant_id, client_id, audience, subject_type),
  foreign key (tenant_id, client_id) references client (tenant_id, id) on delete cascade
);

create table connection (
  tenant_id text collate "C" not null references tenant (id) on delete cascade,
  id text collate "C" not null,
  version bigint not null,
  name text collate "C" not null,
  body text not null,
  primary key (tenant_id, id),
  unique (tenant_id, name)
);

create table user_account (
  tenant_id text collate "C" not null,
  id text collate "C" not null,
  version bigint not null,
  connection_id text collate "C" not null,
  email text collate "C",
  username text collate "C",
  body text not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, connection_id) references connection (tenant_id, id) on delete cascade
);

create unique index user_account_by_email on user_account (tenant_id, connection_id, email) where email is not null;

create unique index user_account_by_username on user_account (tenant_id, connection_id, username) where username is not null;

-- Deleting a connection finds its users here, also those with neither.
create index user_account_by_connection on user_account (tenant_id, connection_id);

create table password_credential (
  tenant_id text collate "C" not null,
  user_id text collate "C" not null,
  body text not null,
  primary key (tenant_id, user_id),
  foreign key (tenant_id, user_id) references user_account (tenant_id, id) on delete cascade
);

create table session (
  tenant_id text collate "C" not null,
  hash text collate "C" not null,
  id text collate "C" not null,
  user_id text collate "C" not null,
  authenticated_at bigint not null,
  methods text not null,
  expires_at bigint not null,
  idle_expires_at bigint not null,
  primary key (tenant_id, hash),
  unique (tenant_id, id),
  foreign key (tenant_id, user_id) references user_account (tenant_id, id) on delete cascade
);

create index session_by_user on session (tenant_id, user_id);

create index session_by_end on session (idle_expires_at);

create table consent (
  tenant_id text collate "C" not null,
  user_id text collate "C" not null,
  client_id text collate "C" not null,
  audience text collate "C" not null,
  body text not null,
  primary key (tenant_id, user_id, client_id, audience),
  foreign key (tenant_id, user_id) references user_account (tenant_id, id) on delete cascade,
  foreign key (tenant_id, client_id) references client (tenant_id, id) on delete cascade
);

create index consent_by_client on consent (tenant_id, client_id);

create table grant_revocation (
  tenant_id text collate "C" not null,
  grant_id text collate "C" not null,
  expires_at bigint not null,
  primary key (tenant_id, grant_id)
);

create index grant_revocation_by_end on grant_revocation (expires_at);

create table refresh_token (
  tenant_id text collate "C" not null,
  selector text collate "C" not null,
  current_hash text not null,
  previous_hash text,
  rotated_at bigint,
  grant_id text collate "C" not null,
  client_id text collate "C" not null,
  user_id text collate "C" not null,
  body text not null,
  authenticated_at bigint not null,
  created_at bigint not null,
  expires_at bigint,
  idle_expires_at bigint,
  ends_at bigint,
  primary key (tenant_id, selector),
  foreign key (tenant_id, user_id) references user_account (tenant_id, id) on delete cascade,
  foreign key (tenant_id, client_id) references client (tenant_id, id) on delete cascade
);

create index refresh_token_by_user on refresh_token (tenant_id, user_id, selector);

create index refresh_token_by_client on refresh_token (tenant_id, client_id, user_id);

create index refresh_token_by_grant on refresh_token (tenant_id, grant_id);

create index refresh_token_by_end on refresh_token (ends_at) where ends_at is not null;

create table signing_key (
  tenant_id text collate "C" not null references tenant (id) on delete cascade,
  algorithm text collate "C" not null,
  sequence bigint not null,
  kid text collate "C" not null,
  body text not null,
  primary key (tenant_id, algorithm, sequence),
  unique (tenant_id, algorithm, kid)
);

-- No reference to the tenant: every put would lock its one row. The trigger below removes them with the tenant.
create table artifact (
  tenant_id text collate "C" not null,
  kind text collate "C" not null,
  hash text collate "C" not null,
  body text not null,
  expires_at bigint not null,
  used_at bigint,
  primary key (tenant_id, kind, hash)
);

create index artifact_by_end on artifact (expires_at);

create table counter (
  tenant_id text collate "C" not null,
  name text collate "C" not null,
  hits bigint not null,
  ends_at bigint not null,
  primary key (tenant_id, name)
);

create index counter_by_end on counter (ends_at);

-- Tells the caches of every process that something they hold has changed. Triggers, so that no writer can forget.
-- The row outlives its tenant: a tenant created again under the same id must not begin at an old version.
create table tenant_change (
  tenant_id text collate "C" not null primary key,
  version bigint not null
);

create function raise_tenant_change(changed text) returns void language sql as $$
  insert into tenant_change (tenant_id, version) values (changed, 1)
    on conflict (tenant_id) do update set version = tenant_change.version + 1
$$;

create function tenant_changed() returns trigger language plpgsql as $$
begin
  perform raise_tenant_change(coalesce(new.id, old.id));
  if tg_op = 'DELETE' then
    delete from artifact where tenant_id = old.id;
    delete from counter where tenant_id = old.id;
    delete from grant_revocation where tenant_id = old.id;
  end if;
  return null;
end
$$;

create function tenant_row_changed() returns trigger language plpgsql as $$
begin
  perform raise_tenant_change(coalesce(new.tenant_id, old.tenant_id));
  return null;
end
$$;

create trigger tenant_changed after insert or update or delete on tenant
  for each row execute function tenant_changed();

create trigger client_changed after insert or update or delete on client
  for each row execute function tenant_row_changed();

create trigger resource_server_changed after insert or update or delete on resource_server
  for each row execute function tenant_row_changed();

create trigger client_grant_changed after insert or update or delete on client_grant
  for each row execute function tenant_row_changed();

create trigger connection_changed after insert or update or delete on connection
  for each row execute function tenant_row_changed();

create trigger signing_key_changed after insert or update or delete on signing_key
  for each row execute function tenant_row_changed();
