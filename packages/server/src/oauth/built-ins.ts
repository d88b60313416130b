import { clientSecretBasic } from './client-auth/client-secret-basic.ts'
import { clientSecretJwt } from './client-auth/client-secret-jwt.ts'
import { clientSecretPost } from './client-auth/client-secret-post.ts'
import { none } from './client-auth/none.ts'
import { privateKeyJwt } from './client-auth/private-key-jwt.ts'
import { selfSignedTlsClientAuth, tlsClientAuth } from './client-auth/tls-client-auth.ts'
import { deviceAuthorizationEndpoint } from './endpoints/device-authorization.ts'
import { introspectionEndpoint } from './endpoints/introspect.ts'
import { parEndpoint } from './endpoints/par.ts'
import { revocationEndpoint } from './endpoints/revoke.ts'
import { tokenEndpoint } from './endpoints/token.ts'
import { authorizationCodeGrant } from './grants/authorization-code.ts'
import { clientCredentialsGrant } from './grants/client-credentials.ts'
import { deviceCodeGrant } from './grants/device-code.ts'
import { jwtBearerGrant } from './grants/jwt-bearer.ts'
import { passwordGrant } from './grants/password.ts'
import { passwordRealmGrant } from './grants/password-realm.ts'
import { refreshTokenGrant } from './grants/refresh-token.ts'
import { tokenExchangeGrant } from './grants/token-exchange.ts'
import { addressPolicy } from './registration/policies/addresses.ts'
import { grantPolicy } from './registration/policies/grants.ts'
import { keyPolicy } from './registration/policies/keys.ts'
import { redirectUriPolicy } from './registration/policies/redirect-uris.ts'
import { sectorPolicy } from './registration/policies/sector.ts'
import type { Plug } from './registry.ts'
import { formPost } from './response-modes/form-post.ts'
import { fragment } from './response-modes/fragment.ts'
import { query } from './response-modes/query.ts'
import { webMessage } from './response-modes/web-message.ts'
import { jwt } from './token-formats/jwt.ts'
import { opaque } from './token-formats/opaque.ts'

/** What the server knows without extensions; made with the same functions as an extension. */
export const builtIns: readonly Plug[] = [
  tokenEndpoint,
  parEndpoint,
  deviceAuthorizationEndpoint,
  introspectionEndpoint,
  revocationEndpoint,
  authorizationCodeGrant,
  refreshTokenGrant,
  clientCredentialsGrant,
  passwordGrant,
  passwordRealmGrant,
  deviceCodeGrant,
  jwtBearerGrant,
  tokenExchangeGrant,
  clientSecretBasic,
  clientSecretPost,
  clientSecretJwt,
  privateKeyJwt,
  tlsClientAuth,
  selfSignedTlsClientAuth,
  none,
  query,
  fragment,
  formPost,
  webMessage,
  jwt,
  opaque,
  // In reverse: what asks others comes last.
  sectorPolicy,
  keyPolicy,
  addressPolicy,
  redirectUriPolicy,
  grantPolicy,
]
