/** A person who can sign in with a password. */
export type Account = { userId: string; email: string; name: string; passwordHash: string }
