import { nameOf } from '../formats/nameOf';

/** The owner of every project, W&B's entity; the store has none, and takes any. */
export const ENTITY = 'rolloscope';
/** W&B's project of runs that name none. */
export const PROJECT = 'uncategorized';

/** A project as W&B describes one. */
export const projectOf = (project: string) => ({
  id: project,
  internalId: '1',
  name: project,
  entity: { id: ENTITY, name: ENTITY },
});

/** The owner that a client named; undefined for the one that the store gave it. */
export function ownerOf(entity: unknown): string | undefined {
  const name = nameOf(entity);
  return name === ENTITY ? undefined : name;
}
