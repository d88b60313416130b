/**
 * Grants of Auth0 that come with accounts' one-time codes and second factors. A tenant file may allow a client to use them;
 * they are not served yet, and no extension may take their names.
 */
export const preparedGrantTypes: readonly string[] = [
  'http://auth0.com/oauth/grant-type/passwordless/otp',
  'http://auth0.com/oauth/grant-type/mfa-otp',
  'http://auth0.com/oauth/grant-type/mfa-oob',
  'http://auth0.com/oauth/grant-type/mfa-recovery-code',
]
