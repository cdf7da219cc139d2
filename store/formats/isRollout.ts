import { guessTextRole, type Role } from '@rolloscope/contract';
import { columnRoles } from './columnRoles';

type Fields = Readonly<Record<string, unknown>>;

const TEXTS: readonly (Role | null | undefined)[] = ['prompt', 'response', 'messages'];

/** Whether a record has what may be a prompt, a response or messages, by its names. */
export const hasTextNames = (record: Fields): boolean =>
  columnRoles(Object.keys(record)).some(({ role }) => TEXTS.includes(role));

/**
 * Whether a record that says nothing of its trainer is a rollout: it has a prompt, a response or messages, and one of them
 * says something. `generation`, `input` or `prompts` may as well count something; a record of numbers is metrics.
 */
export function isRollout(record: Fields): boolean {
  const names = Object.keys(record);
  const roles = columnRoles(names).map(({ role }) => role);
  const played = new Set(roles.filter((role) => role !== undefined && role !== null));
  return names.some((name, i) => {
    const isText = TEXTS.includes(roles[i]) || (roles[i] === undefined && guessTextRole(name, played) === 'messages');
    return isText && isSaid(record[name]);
  });
}

/** A text, or messages and parts of one; numbers in a list are none. */
const isSaid = (cell: unknown) =>
  typeof cell === 'string' ||
  (typeof cell === 'object' && cell !== null && Object.values(cell).some((one) => typeof one !== 'number'));
