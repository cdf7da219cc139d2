/** Openings of chat templates: of an assistant's turn, and of one of whoever asks, left out where none is told. */
const TEMPLATES: ReadonlyArray<{ answer: RegExp; ask?: RegExp }> = [
  {
    answer: /<\|?im_start\|?>assistant(?:<\|im_sep\|>)?\n?/g,
    ask: /<\|?im_start\|?>(?:user|system)\b(?!\s*<tool_response>)/g,
  },
  {
    answer: /<\|(?:start_header_id|header_start)\|>assistant<\|(?:end_header_id|header_end)\|>\s{0,2}/g,
    ask: /<\|(?:start_header_id|header_start)\|>(?:user|system)<\|/g,
  },
  { answer: /<start_of_turn>model\n?/g, ask: /<start_of_turn>user/g },
  { answer: /<｜Assistant｜>/g, ask: /<｜User｜>/g },
  { answer: /<\|start\|>assistant/g, ask: /<\|start\|>(?:user|system|developer)/g },
  { answer: /<\|im_assistant\|>assistant<\|im_middle\|>/g, ask: /<\|im_user\|>/g },
  { answer: /<\|CHATBOT_TOKEN\|>/g, ask: /<\|USER_TOKEN\|>/g },
  { answer: /<\|start_of_role\|>assistant<\|end_of_role\|>/g, ask: /<\|start_of_role\|>user<\|end_of_role\|>/g },
  { answer: /<\|assistant\|>\n?/g, ask: /<\|user\|>/g },
  { answer: /\[\/INST\] ?/g, ask: /\[INST\]/g },
  // SkyRL's tables; what stands between turns of the assistant is of the user or a tool, who is not told.
  { answer: /(?:^|\n)\[ASSISTANT\]\n/g, ask: /(?:^|\n)\[(?:USER|SYSTEM)\]\n/g },
  // Special tokens may be left out of what is decoded.
  { answer: /(?:^|\n)assistant\n/g, ask: /(?:^|\n)user\n/g },
  { answer: /(?:^|\n)### Response:\s{0,2}/g, ask: /(?:^|\n)### Instruction:/g },
  { answer: /(?:^|\n)Assistant: ?/g, ask: /(?:^|\n)(?:User|Human):/g },
];

/**
 * Splits a whole conversation under a chat template: the answer begins behind what opens the first turn of the assistant
 * after the last one that asks. A text of no template is an answer, and its prompt null.
 */
export function splitTranscript(text: string): { prompt: string | null; response: string } {
  for (const { answer, ask } of TEMPLATES) {
    const opened = [...text.matchAll(answer)];
    if (opened.length > 0) {
      const asked = ask ? ([...text.matchAll(ask)].at(-1)?.index ?? -1) : -1;
      // An assistant who was not asked any more has said the last thing; a text that ends with a question has no answer.
      const first = opened.find(({ index }) => index > asked) ?? opened.at(-1);
      const at = (first?.index ?? 0) + (first?.[0].length ?? 0);
      return { prompt: text.slice(0, at), response: text.slice(at) };
    }
  }
  return { prompt: null, response: text };
}
