import type { Section } from '../transcript/readTranscript';
import type { Turn } from '../transcript/Turn';
import { ROLE_NAMES } from './TurnView';

/** Turns are counted from 0 over all sections. */
export const turnId = (turn: number) => `rolloscope-turn-${turn}`;

export function titleOf(section: Section, turn: Turn): string {
  return turn.role === 'text' && section.of === 'prompt' && section.turns.length === 1
    ? 'Prompt'
    : ROLE_NAMES[turn.role];
}
