create table role (
  tenant_id text not null references tenant (id) on delete cascade,
  id text not null,
  version integer not null,
  name text not null,
  body text not null,
  primary key (tenant_id, id),
  unique (tenant_id, name)
) strict;

create table user_role (
  tenant_id text not null,
  user_id text not null,
  role_id text not null,
  primary key (tenant_id, user_id, role_id),
  foreign key (tenant_id, user_id) references user_account (tenant_id, id) on delete cascade,
  foreign key (tenant_id, role_id) references role (tenant_id, id) on delete cascade
) strict;

-- Deleting a role finds its users here, and so does whoever lists them.
create index user_role_by_role on user_role (tenant_id, role_id, user_id);
