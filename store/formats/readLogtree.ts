import { isObject } from './Format';

type Fields = Record<string, unknown>;

/** Nodes that are looked at; a report is no deeper, nor larger, than somebody can read. */
const DEEPEST = 60;

/**
 * The rollouts of a Tinker cookbook's report (`tinker_cookbook/utils/logtree.py`): a tree of HTML nodes, in which a
 * conversation stands as data. Within a group's section each one under `Prompt` begins a rollout, and what follows it, up
 * to the next, is its answer and the table of its reward. Texts among the nodes are escaped.
 */
export function readLogtree(report: Fields): Fields[] {
  const rollouts: Fields[] = [];
  let group = -1;
  let current: Fields | undefined;
  const walk = (node: unknown, heading: string, depth: number): void => {
    if (!isObject(node) || depth > DEEPEST) {
      return;
    }
    const children = Array.isArray(node.children) ? node.children : [];
    const own = children.find((child) => isObject(child) && typeof child.tag === 'string' && /^h\d$/.test(child.tag));
    const title = own ? textOf(own, depth) : heading;
    if (own && /^Group Rollout/i.test(title)) {
      group++;
      current = undefined;
    }
    const data = isObject(node.data) ? node.data : {};
    if (data.type === 'conversation' && Array.isArray(data.messages)) {
      const isPrompt = /^Prompt/i.test(title);
      if (isPrompt || !current) {
        current = { groupId: Math.max(group, 0), messages: [] };
        rollouts.push(current);
      }
      const marked = data.messages
        .filter(isObject)
        .map((message) => (isPrompt ? message : { ...message, sampled: true }));
      current.messages = [...(current.messages as Fields[]), ...marked];
    } else if (node.tag === 'table' && current && /^Reward/i.test(title)) {
      Object.assign(current, pairsOf(node, depth));
    }
    for (const child of children) {
      walk(child, title, depth + 1);
    }
  };
  walk(report.root, '', 0);
  return rollouts;
}

/** A table of two columns, as names and values. */
function pairsOf(table: Fields, depth: number): Fields {
  const rows: string[][] = [];
  const walk = (node: unknown, at: number): void => {
    if (!isObject(node) || at > DEEPEST) {
      return;
    }
    const children = Array.isArray(node.children) ? node.children : [];
    if (node.tag === 'tr') {
      rows.push(children.filter((cell) => isObject(cell) && cell.tag === 'td').map((cell) => textOf(cell, at)));
    } else {
      children.forEach((child) => {
        walk(child, at + 1);
      });
    }
  };
  walk(table, depth);
  const pairs = rows
    .filter(({ length }) => length === 2)
    .map(([name = '', value = '']) => [WORDS.get(name) ?? name, readValue(value)]);
  return Object.fromEntries(pairs);
}

const WORDS = new Map([['reference_answer', 'groundTruth']]);

const readValue = (text: string): unknown =>
  text === 'True'
    ? true
    : text === 'False'
      ? false
      : text !== '' && Number.isFinite(Number(text))
        ? Number(text)
        : text;

function textOf(node: unknown, depth: number): string {
  if (typeof node === 'string') {
    return node.replace(/&(amp|lt|gt|quot|#x27|#39);/g, (_, name: string) => ENTITIES.get(name) ?? '');
  }
  const children = isObject(node) && depth < DEEPEST && Array.isArray(node.children) ? node.children : [];
  return children.map((child) => textOf(child, depth + 1)).join('');
}

const ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['#x27', "'"],
  ['#39', "'"],
]);
