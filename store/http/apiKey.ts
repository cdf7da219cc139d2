/*
 * W&B clients send their API key as the password of basic authentication, and take a key only in W&B's own form: an
 * optional prefix of any length up to the first dash, then 40 word characters (clients before 0.22: exactly 40). So the
 * token is the prefix, and 40 zeros follow. A token that is not made of word characters is written in hexadecimal.
 */
const FILLER = '0'.repeat(40);
const HEX = 'hex_';

/** The API key that stands for a token in W&B clients. */
export function apiKeyOf(token: string): string {
  const prefix = /^[A-Za-z0-9_]+$/.test(token) ? token : HEX + Buffer.from(token).toString('hex');
  return `${prefix}-${FILLER}`;
}

/** The tokens that a presented secret may stand for: itself, and what `apiKeyOf` wrapped. */
export function tokensOf(secret: string): string[] {
  const prefix = secret.endsWith(`-${FILLER}`) ? secret.slice(0, -FILLER.length - 1) : undefined;
  if (!prefix) {
    return [secret];
  }
  const hex = prefix.startsWith(HEX) ? Buffer.from(prefix.slice(HEX.length), 'hex').toString() : '';
  return [secret, prefix, hex].filter((one) => one !== '');
}
