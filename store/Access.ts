import type { ReadOptions } from './engine/ReadOptions';
import { StoreError } from './StoreError';

/** The rights of a request's bearer. A run of a project that may not be read does not exist for them. */
export interface Access {
  reads(project: string): boolean;
  writes(project: string): boolean;
  /** May say in the name of people what they think of rollouts. */
  labels(project: string): boolean;
}

/** Someone who asks to read something: what they may see, and until when they wait for it. */
export interface Asker extends Access, ReadOptions {}

/** The access of the store's own work, and of everybody in a store without tokens. */
export const FULL_ACCESS: Access = { reads: () => true, writes: () => true, labels: () => true };

/** Says whether the bearer may know what is in a project. */
export const sees = (access: Access, project: string): boolean =>
  access.reads(project) || access.writes(project) || access.labels(project);

/** Throws `not_allowed`. Whether anything is there is no business of who may not write to its project. */
export function requireWrites(access: Access, project: string): void {
  if (!access.writes(project)) {
    throw new StoreError('not_allowed', `The token may not write to the project ${JSON.stringify(project)}.`);
  }
}
