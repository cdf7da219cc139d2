import type { FoundMedia } from '../../media/findMedia';

/** The speakers. `text` is what no speaker could be found for. */
const TURN_ROLES = ['system', 'user', 'assistant', 'tool', 'text'] as const;
export type TurnRole = (typeof TURN_ROLES)[number];

/** The kind of a part. `media` stands for an image, sound or file: shown where the store has it, else named. */
export type PartKind = 'text' | 'think' | 'answer' | 'call' | 'result' | 'media';

/** A stretch of a turn. Where it was read from text, `open + text + close` is that text. */
export interface Part {
  kind: PartKind;
  /** The opening tag as it stands in the text; empty where the prompt opened it, or where there is none. */
  open: string;
  text: string;
  /** The closing tag; empty where the text was cut, or where there is none. */
  close: string;
  /** False for a tagged part whose closing tag never comes. */
  isClosed: boolean;
  /** The name of a tool, or the tag where that says more than the kind. */
  name?: string;
  /** Images and sounds to be shown; `text` has what was logged. */
  found?: FoundMedia;
}

/**
 * A reason why a turn may not be what it seems:
 * - `inResponse`: it begins inside the response, so the model can have written its control tokens itself
 * - `guessed`: speakers were told by bare names such as `User:`, which any text can hold
 * - `outside`: it stands where the template has no turn, such as behind the end of one
 * - `lateSystem`: a system turn that follows other turns
 */
export type Doubt = 'inResponse' | 'guessed' | 'outside' | 'lateSystem';

export interface Turn {
  role: TurnRole;
  /** The speaker as the source names it, where that says more: `ipython`, a tool, a channel. */
  name?: string;
  /** The stretch of the source that the turn was read from: those of all turns concatenate to the source. */
  raw: string;
  /** The text that was said, without the template's tokens. */
  text: string;
  parts: Part[];
  doubts: Doubt[];
  /** Control tokens within what was said: they are shown, and never taken for structure. */
  strayTokens: number;
}
