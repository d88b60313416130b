-- A mark that ends every grant a user gave a client until then; absent where the mark ends one grant or one token.
alter table grant_revocation add column given_until integer;
