-- Rows in the order in which they come, and found through a small index: hashes are random, so that in the order of their
-- hashes each new row would dirty a page of its own. Made anew under its name, because triggers name it.
create temp table artifact_before as select tenant_id, kind, hash, body, expires_at, used_at from artifact;

drop table artifact;

create table artifact (
  tenant_id text not null,
  kind text not null,
  hash text not null,
  body text not null,
  expires_at integer not null,
  used_at integer,
  primary key (hash, kind, tenant_id)
) strict;

insert into artifact select tenant_id, kind, hash, body, expires_at, used_at from artifact_before order by expires_at;

drop table artifact_before;

create index artifact_by_end on artifact (expires_at);
