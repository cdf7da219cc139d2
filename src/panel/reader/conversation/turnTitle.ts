import type { Section } from '../transcript/readTranscript';
import type { Turn } from '../transcript/Turn';
import { ROLE_NAMES } from './TurnView';

const PREFIX = 'rolloscope-turn-';

/** Turns are counted from 0 over all sections. */
export const turnId = (turn: number) => `${PREFIX}${turn}`;

/** The elements of all turns that are drawn. */
export const TURNS = `article[id^="${PREFIX}"]`;
/** An attribute of the turn that was jumped to. */
export const MARKED = 'data-marked';

export const turnOfElement = ({ id }: Element): number => Number(id.slice(PREFIX.length));

export function titleOf(section: Section, turn: Turn): string {
  return turn.role === 'text' && section.of === 'prompt' && section.turns.length === 1
    ? 'Prompt'
    : ROLE_NAMES[turn.role];
}
