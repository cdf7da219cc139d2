import type { TurnRole } from './Turn';

const ROLES: Record<string, TurnRole> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  model: 'assistant',
  gpt: 'assistant',
  bot: 'assistant',
  ai: 'assistant',
  tool: 'tool',
  ipython: 'tool',
  function: 'tool',
  observation: 'tool',
  environment: 'tool',
  tool_response: 'tool',
};

/** The role that a speaker's name stands for. A name that is none of the usual ones is kept. */
export function readName(name: string): { role: TurnRole; name?: string } {
  const word = name.trim();
  const role = Object.hasOwn(ROLES, word.toLowerCase()) ? ROLES[word.toLowerCase()] : undefined;
  if (role === undefined) {
    return word === '' ? { role: 'text' } : { role: 'text', name: word };
  }
  return word.toLowerCase() === role || role === 'assistant' ? { role } : { role, name: word };
}

/** Harmony names a speaker, whom it speaks to, and a channel: `assistant to=functions.get<|channel|>commentary`. */
const HARMONY = /^(?:<\|start\|>([^<]*))?(?:<\|channel\|>([^<]*))?/;

/** The same without its tokens: `assistantcommentary to=functions.get json`, `assistant to=functions.getcommentary`. */
const BARE =
  /^(assistant|functions\.[\w-]+|browser\.\w+|python)?(?: to=(\S+?))??(analysis|commentary|final)(?: to=(\S+))?(?: json)?$/;

/**
 * The speaker of a token that names one. Whom it speaks to tells more than the channel, and the channel more than a
 * tool's role.
 */
export function readHead(head: string): { role: TurnRole; name?: string } {
  const bare = BARE.exec(head);
  if (bare) {
    const [, who = 'assistant', before, channel, to = before] = bare;
    return who === 'assistant' ? { role: who, ...nameOf(to ?? channel) } : { role: 'tool', name: who };
  }
  const [, speaker, channel] = HARMONY.exec(head) ?? [];
  if (speaker === undefined && channel === undefined) {
    const word = head.replace(/<[^>]*>/g, '').trim();
    return readName(word || (/^<\|(\w+)\|>/.exec(head)?.[1] ?? ''));
  }
  const to = / ?\bto=(\S+)/.exec(head)?.[1]?.replace(/<.*/, '');
  const who = (speaker ?? 'assistant').replace(/ ?\bto=\S+/, '').trim();
  const byName = readName(who);
  // A tool answers under its own name.
  const role = byName.role === 'text' && /^(?:functions|browser|python)\b/.test(who) ? 'tool' : byName.role;
  const name = to ?? (role === 'tool' ? who : channel?.replace(/ ?\bto=\S+/, '').trim());
  return { role, ...nameOf(name) };
}

const nameOf = (name: string | undefined) => (name ? { name } : {});
