import { clientSecretBasic } from './client-auth/client-secret-basic.ts'
import { clientSecretPost } from './client-auth/client-secret-post.ts'
import { none } from './client-auth/none.ts'
import { tokenEndpoint } from './endpoints/token.ts'
import { authorizationCodeGrant } from './grants/authorization-code.ts'
import { clientCredentialsGrant } from './grants/client-credentials.ts'
import { refreshTokenGrant } from './grants/refresh-token.ts'
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
  authorizationCodeGrant,
  refreshTokenGrant,
  clientCredentialsGrant,
  clientSecretBasic,
  clientSecretPost,
  none,
  query,
  fragment,
  formPost,
  webMessage,
  jwt,
  opaque,
]
