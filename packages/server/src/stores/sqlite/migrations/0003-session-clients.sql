-- Which clients got tokens in a session, so that they can be told of the logout.
create table session_client (
  tenant_id text not null,
  session_id text not null,
  client_id text not null,
  primary key (tenant_id, session_id, client_id),
  foreign key (tenant_id, session_id) references session (tenant_id, id) on delete cascade,
  foreign key (tenant_id, client_id) references client (tenant_id, id) on delete cascade
) strict;

-- Deleting a client finds its rows here.
create index session_client_by_client on session_client (tenant_id, client_id);
