/** The connection that every tenant has. */
export const defaultConnection = 'Username-Password-Authentication'
