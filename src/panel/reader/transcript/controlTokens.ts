/**
 * Tokens that some chat template gives a meaning, of whatever family: where they stand in what somebody wrote, they
 * are shown as tokens and structure nothing.
 */
const TOKENS = [
  '<\\|[A-Za-z_][\\w ]{0,60}\\|>',
  '<｜[^<>｜\\n]{1,60}｜>',
  '</?s>',
  '<(?:bos|eos|pad|unk|sop|BOS_TOKEN|EOS_TOKEN)>',
  '</?(?:start_of_turn|end_of_turn|im_start|im_end|endoftext)>',
  '\\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_RESULTS|TOOL_CALLS|THINK|gMASK)\\]',
  '<</?SYS>>',
].join('|');

/** A fresh pattern: global ones keep a place of their own. */
export const controlTokens = (): RegExp => new RegExp(TOKENS, 'g');

export function countControlTokens(text: string): number {
  let count = 0;
  for (const _ of text.matchAll(controlTokens())) {
    count++;
  }
  return count;
}
