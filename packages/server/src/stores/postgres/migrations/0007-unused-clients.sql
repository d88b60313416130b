-- When a client that registered itself is removed, unless it is used before; absent for all that were used, and all others.
alter table client add column unused_until bigint;

create index client_by_unused_end on client (unused_until) where unused_until is not null;
