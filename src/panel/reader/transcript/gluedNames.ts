import type { Mark, Template } from './Template';

/**
 * Templates that write a speaker's name between two tokens: where a decoder stripped those, the name clings to what is
 * said before and behind it. Prompts tell themselves by how they begin and end; of a response only Harmony's channels
 * tell anything, since no word is made of two of its names.
 */

/** No word begins with a name that one of these follows. */
const CLINGS_ON = "(?=[^\\sa-z_.,:;!?)\\]}'’/-])";
const CLINGS_BEHIND = '(?<=[^ \\t])';
const CHANNEL = '(?:analysis|commentary|final)';
/** Whom it speaks to stands before the channel or behind it, and then how. */
const TO = ' to=[\\w.-]{1,100}?';
const FORMAT = '(?: json(?=\\s{0,9}[{\\[]))?';
const NAMES = `assistant(?:${CHANNEL}(?:${TO}(?= |\\{|$))?|${TO}${CHANNEL})`;
/** A name stands neither behind a blank, nor in quotes, nor in a word that only begins so, such as “finalize”. */
const HEAD = `(?<![ \\t_/-])(?!(?<=["'\`“])${NAMES}["'\`”])${NAMES}(?!i[sz]|ly|ity|ist)`;

const named = (token: string): Mark => ({ token, opens: 'named' });
const inPrompt = (token: string): Mark => ({ token, opens: 'named', inPromptOnly: true });

export const BARE_HARMONY: Template = {
  name: 'Harmony, tokens stripped',
  marks: [
    inPrompt(`(?:^|${CLINGS_BEHIND})(?:system|developer|user)${CLINGS_ON}`),
    // A tool answers under its own name.
    named(`(?<![ \\t\\w./-])(?:functions\\.[\\w-]{1,64}|browser\\.\\w{1,20}|python) to=assistant${CHANNEL}`),
    named(`${HEAD}${FORMAT}`),
    inPrompt(`${CLINGS_BEHIND}assistant$`),
    // Where the prompt ends with `assistant`, the response goes on with its channel.
    named(`^${CHANNEL}(?:${TO}(?= |\\{|$))?${FORMAT}(?=\\S)`),
  ],
  ends: [],
  isGuess: true,
  shape: new RegExp(`^(?:system|developer|user|assistant)\\S[^]*(?:Valid channels: analysis|${HEAD})`),
};

export const GLUED_NAMES: Template = {
  name: 'Phi-4, Kimi or Granite, tokens stripped',
  marks: [
    inPrompt(`(?:^|${CLINGS_BEHIND})(?:system|user|assistant)${CLINGS_ON}`),
    inPrompt(`${CLINGS_BEHIND}assistant$`),
  ],
  ends: [],
  isGuess: true,
  shape: new RegExp(`^(?:system|user)${CLINGS_ON}[^]*${CLINGS_BEHIND}assistant$`),
};

const BEGINS = new RegExp(`^(?:analysis|final)${CLINGS_ON}`);
const BEGINS_ALONE = /^(?:assistant)?commentary to=\w|^assistant(?:analysis|final)[^\sa-z_]/;
const GOES_ON = new RegExp(HEAD);

/**
 * Says whether a response is Harmony's without its tokens. It begins with a channel; but so does `analysisResult`, so
 * that another channel must follow, unless the prompt is known to be Harmony's, or what it begins with is no word at
 * all.
 */
export function beginsWithChannel(response: string, isHarmony: boolean): boolean {
  const begins = BEGINS_ALONE.test(response) || (BEGINS.test(response) && (isHarmony || GOES_ON.test(response)));
  return begins && !response.includes('<|message|>');
}
