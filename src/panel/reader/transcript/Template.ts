import type { TurnRole } from './Turn';

/** A control token, or several that always stand together. */
export interface Mark {
  /** Source of a regular expression without capturing groups; every repetition in it is bounded. */
  token: string;
  /** The turn that it opens; `named` reads the speaker from the token. Left out: it ends the turn before. */
  opens?: TurnRole | 'named';
  /** In a response it is what the model wrote: a word that any text can hold, with nothing around it that tells. */
  inPromptOnly?: true;
}

export interface Template {
  name: string;
  /** May stand before the first turn. */
  lead?: string;
  /** The lead is this family's alone, so that a text that begins with it needs no other mark; what follows it is… */
  leadOpens?: TurnRole;
  marks: readonly Mark[];
  /** Turns that only an ending token ends: an opening one inside them is what somebody wrote. */
  ends: readonly TurnRole[];
  /** Decoders strip the lead and the ending tokens alone; without both, an opening token ends the turn before. */
  losesEnds?: true;
  /** Speakers are told by bare words, which any text can hold. */
  isGuess?: true;
  /** The shape that a text must have, as a whole, for such a guess. */
  shape?: RegExp;
}
