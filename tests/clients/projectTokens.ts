import type { startOurs } from '../conformance/startOurs';

export const READER = 'reader';

/** Tokens of a store that several teams log to. */
export const PROJECT_TOKENS: NonNullable<Parameters<typeof startOurs>[0]> = {
  [READER]: { scopes: ['read'], projects: ['*'] },
  any: { scopes: ['read', 'write'], projects: ['*'] },
  'team-a': { scopes: ['write'], projects: ['a'] },
  'team-b': { scopes: ['read', 'write'], projects: ['b'] },
};
