/** Members of a token's header, or of its claims. */
export type Members = Readonly<Record<string, any>>

export const headerOf = (token: string): Members => read(token.split('.')[0])
export const claimsOf = (token: string): Members => read(token.split('.')[1])
export const signatureOf = (token: string): string => token.split('.')[2] ?? ''

/** The part of a token that is signed. */
export const signedPart = (header: unknown, claims: unknown): string => `${part(header)}.${part(claims)}`

/** One part of a token. */
export const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const read = (text = ''): Members => JSON.parse(Buffer.from(text, 'base64url').toString())
