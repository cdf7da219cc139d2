import { guessTextRole, type Role } from '@rolloscope/contract';
import { columnRoles } from './columnRoles';

type Fields = Readonly<Record<string, unknown>>;

const TEXTS: readonly (Role | null | undefined)[] = ['prompt', 'response', 'messages'];

/** Says whether a record has what may be a prompt, a response or messages, by its names. */
export const hasTextNames = (record: Fields): boolean => textNames(record).length > 0;

/**
 * Says whether a record that tells nothing of its trainer is a rollout: it has a prompt, a response or messages, and
 * one of them says something. `generation`, `input` or `prompts` may as well count something; a record of numbers is
 * metrics.
 */
export const isRollout = (record: Fields): boolean => textNames(record).some((name) => isSaid(record[name]));

function textNames(record: Fields): string[] {
  const names = Object.keys(record);
  const roles = columnRoles(names).map(({ role }) => role);
  const played = new Set(roles.filter((role) => role !== undefined && role !== null));
  return names.filter((name, i) => TEXTS.includes(roles[i] ?? guessTextRole(name, played)));
}

/** A text, or messages and parts of one; numbers in a list are none. */
const isSaid = (cell: unknown) =>
  typeof cell === 'string' ||
  (typeof cell === 'object' && cell !== null && Object.values(cell).some((one) => typeof one !== 'number'));
