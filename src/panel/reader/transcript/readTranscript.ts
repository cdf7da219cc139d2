import { readableText } from '../../text/readableText';
import { countControlTokens } from './controlTokens';
import { type Detected, detectChannels, detectEnding, detectTemplate } from './detectTemplate';
import { parseMessages } from './parseMessages';
import { type Origin, parseTurns } from './parseTurns';
import { openThinking, splitParts, textPart } from './splitParts';
import type { Turn, TurnRole } from './Turn';

/** The texts of a row, by role of the column. Left out: the table has no such column, or the row no such cell. */
export interface Said {
  prompt?: unknown;
  response?: unknown;
  messages?: unknown;
}

export interface Section {
  of: keyof Said;
  /** The cell as text: the turns' `raw` concatenate to it. */
  text: string;
  turns: Turn[];
  /** The template's name; `messages` for a list of them; left out for plain text. */
  template?: string;
}

/** The conversation of a row: the messages, or the prompt and what the model went on with. */
export function readTranscript(said: Said): Section[] {
  const sections: Section[] = [];
  const { prompt, response, messages } = said;
  if (isThere(messages)) {
    sections.push({ of: 'messages', ...readWhole(readableText(messages), 'text') });
  }
  let detected: Detected | undefined;
  let thinking: string | undefined;
  // A trainer may give the question a column of its own, beside the conversation that begins with it.
  const chat = sections.find(({ of, template }) => of === 'messages' && template === 'messages');
  const isSaid = (cell: unknown) => chat?.turns.some(({ text }) => text === cell) === true;
  if (isThere(prompt) && !isSaid(prompt)) {
    const text = readableText(prompt);
    const section = readWhole(text, 'text');
    detected = section.detected;
    thinking = thinkingLeftOpen(section.turns.at(-1));
    sections.push({ of: 'prompt', ...section });
  }
  if (isThere(response) && !isSaid(response)) {
    const text = readableText(response);
    const isOnly = sections.length === 0;
    // Without a prompt beside it, the response may be the whole conversation.
    const whole = isOnly ? detectTemplate(text) : undefined;
    sections.push({
      of: 'response',
      ...(whole && !whole.isGuess
        ? readWhole(text, 'assistant')
        : readResponse(text, typeof response === 'string', detected, thinking)),
    });
  }
  return sections.map(({ of, text, turns, template }) => ({
    of,
    text,
    turns,
    ...(template !== undefined && { template }),
  }));
}

const isThere = (value: unknown) => value !== null && value !== undefined && value !== '';

interface Read {
  text: string;
  turns: Turn[];
  template?: string;
  detected?: Detected | undefined;
}

function readWhole(text: string, plain: TurnRole): Read {
  const messages = parseMessages(text);
  if (messages) {
    return { text, turns: messages, template: 'messages' };
  }
  const detected = detectTemplate(text);
  return detected ? byTemplate(text, detected, 'prompt', plain) : { text, turns: [plainTurn(text, plain)] };
}

function readResponse(text: string, isText: boolean, known: Detected | undefined, thinking: string | undefined): Read {
  const messages = parseMessages(text);
  // A text that looks like a list may be the model's own: it says whom it likes, but it gives no orders.
  if (messages && !(isText && messages.some(({ role }) => role === 'system'))) {
    const turns = messages.map((turn) =>
      isText && turn.role !== 'assistant' ? { ...turn, doubts: ['inResponse' as const, ...turn.doubts] } : turn,
    );
    return { text, turns, template: 'messages' };
  }
  const detected = detectChannels(text, known) ?? known ?? detectEnding(text);
  return detected
    ? byTemplate(text, detected, 'response', 'assistant', thinking)
    : { text, turns: [plainTurn(text, 'assistant', thinking)] };
}

function byTemplate(
  text: string,
  detected: Detected,
  origin: Origin,
  opening: TurnRole,
  thinking?: string,
): Read & { template: string } {
  const { template, isGuess, lostEnds } = detected;
  const turns = parseTurns(text, template, {
    origin,
    opening,
    thinking,
    isGuess: isGuess && origin === 'prompt',
    lostEnds: lostEnds === true,
  });
  return { text, turns, template: template.name, detected };
}

function plainTurn(text: string, role: TurnRole, thinking?: string): Turn {
  const parts = role === 'assistant' ? splitParts(text, thinking) : [textPart(text)];
  const strayTokens = parts.reduce((sum, part) => sum + countControlTokens(part.text), 0);
  return { role, raw: text, text, parts, doubts: [], strayTokens };
}

/**
 * The sections without the turn that a prompt only opens for the response to fill, its thinking part included: for
 * showing, where the response's own turn stands for both.
 */
export function withoutOpening(sections: readonly Section[]): Section[] {
  return sections.flatMap((section, i) => {
    const last = section.turns.at(-1);
    const isOpening =
      last?.role === 'assistant' &&
      sections[i + 1]?.of === 'response' &&
      section.of === 'prompt' &&
      last.text.replace(/<think(?:ing)?>|\[THINK\]/, '').trim() === '';
    return isOpening ? { ...section, turns: section.turns.slice(0, -1) } : section;
  });
}

/** A prompt may open the thinking part that the response only closes. */
function thinkingLeftOpen(last: Turn | undefined): string | undefined {
  if (!last) {
    return undefined;
  }
  return last.role === 'assistant'
    ? openThinking(last.text)
    : /(<think(?:ing)?>|\[THINK\])\s{0,99}$/.exec(last.text.slice(-200))?.[1];
}
