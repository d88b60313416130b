-- What clients were given for a user, whether or not the user was asked, so that the user can see it and take it back.
create table given_access (
  tenant_id text not null,
  user_id text not null,
  id text not null,
  client_id text not null,
  body text not null,
  ends_at integer,
  primary key (tenant_id, user_id, id),
  foreign key (tenant_id, user_id) references user_account (tenant_id, id) on delete cascade,
  foreign key (tenant_id, client_id) references client (tenant_id, id) on delete cascade
) strict;

-- Deleting a client finds its rows here, and so does taking its access back.
create index given_access_by_client on given_access (tenant_id, client_id, user_id);

create index given_access_by_end on given_access (ends_at) where ends_at is not null;
