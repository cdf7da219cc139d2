/** The newest client that the tests run; raise it when a new one is out. */
export const NEWEST = '0.31.0';

/** Minor versions that people still have: from the first that this store serves. */
export const OLDER = ['0.19.11', '0.22.3', '0.26.1'] as const;
