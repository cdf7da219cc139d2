/** The newest client that the tests run; raise it when a new one is out. */
export const NEWEST = '3.17.2';

/** The last of the versions before 3, which many trainers still ask for. */
export const OLDER = ['2.22.5'] as const;
