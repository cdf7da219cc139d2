import { describe, expect, it } from 'vitest';
import type { ChoiceQuery } from '../choices/listChoices';
import { DEFAULT_QUERY } from '../query';
import { acceptSuggestion } from './acceptSuggestion';
import { offersAt } from './offersAt';
import { parseCode } from './parseCode';
import { suggest } from './suggest';

const CONTEXT = { current: { ...DEFAULT_QUERY, refId: 'A' }, defaultRuns: { by: 'filter' as const } };
const LISTS: Partial<Record<string, string[]>> = {
  runs: ['r1', 'r 2'],
  keys: ['state', 'config.lr', 'config.a b'],
  metrics: ['eval/accuracy/mean', 'loss'],
  tables: ['rollouts'],
  columns: ['reward', 'my column'],
  events: ['checkpoint'],
};

/** What is offered where `|` stands, and what the store was asked. */
async function at(marked: string) {
  const asked: ChoiceQuery[] = [];
  const cursor = marked.indexOf('|');
  const text = marked.replace('|', '');
  const place = offersAt(text, cursor, CONTEXT);
  const list = async (query: ChoiceQuery) => {
    asked.push(query);
    return (LISTS[query.kind] ?? [`a ${query.key}`]).map((value) => ({ value }));
  };
  const found = await suggest(place, { list, variables: ['run', 'step'] });
  const accept = (label: string) => {
    const suggestion = found.find((one) => one.label === label);
    const { text: next, cursor: after } = acceptSuggestion(text, place, suggestion ?? { label, insert: '!' });
    return `${next.slice(0, after)}|${next.slice(after)}`;
  };
  return { labels: found.map(({ label }) => label), accept, asked };
}

describe('completion', () => {
  it.each([
    ['|', ['runs']],
    ['ru|', ['runs']],
    ['runs.|', ['history', 'summary', 'groups', 'config', 'status', 'events']],
    ['runs.h|', ['history']],
    ['runs.history["|', ['rollouts', 'eval/accuracy/mean', 'loss']],
    ['runs.history["|"]', ['rollouts', 'eval/accuracy/mean', 'loss']],
    ['runs.history["acc|"]', ['eval/accuracy/mean']],
    ['runs.groups["|', ['rollouts']],
    ['runs.status["|', ['eval/accuracy/mean', 'loss']],
    ['runs.events["|', ['checkpoint']],
    ['runs.history["x"].sm|', ['smooth']],
    ['runs.history["x"].x(|', ['step', 'time', 'elapsed', 'auto', 'eval/accuracy/mean', 'loss']],
    ['runs.history["x"].where(|', ['reward', 'my column']],
    ['runs.history["x"].where(reward < 1, my|', ['my column']],
    ['runs.history["x"].where(reward <|', ['<', '<=']],
    ['runs.history["x"].where(reward < |', ['$run', '$step']],
    ['runs.history["x"].step($|', ['$run', '$step']],
    ['runs.history["x"].order(reward |', ['desc', 'asc']],
    ['runs.history["x"].reduce(|', ['extremes', 'mean', 'last']],
    ['runs(state="|', ['a state', '$run', '$step']],
    ['runs(config.lr == |', ['a config.lr', '$run', '$step']],
    ['runs(tag=["a", "|', ['a tag', '$run', '$step']],
  ])('%s', async (text, labels) => {
    expect((await at(text)).labels.slice(0, 6)).toEqual(labels);
  });

  it('offers runs, what they have in common and their keys between the brackets', async () => {
    const { labels } = await at('runs(|');
    expect(labels).toEqual(expect.arrayContaining(['$run', 'r1', 'project', 'newest', 'config.lr']));
  });

  it('offers only methods that can follow', async () => {
    expect((await at('runs.summary["x"].|')).labels).not.toContain('smooth');
    expect((await at('runs.summary["x"].|')).labels).toContain('where');
    expect((await at('runs.config.|')).labels).toEqual(['all']);
  });

  it('asks for what the runs before have', async () => {
    const { asked } = await at('runs("r1", config.lr > 0).history["t"].where(|');
    expect(asked).toEqual([
      {
        kind: 'columns',
        table: 't',
        runs: { by: 'id', ids: ['r1'], where: [{ column: 'config.lr', op: 'gt', value: 0 }] },
      },
    ]);
  });

  it.each([
    ['runs.h|', 'history', 'runs.history["|"]'],
    ['runs.history["|"]', 'loss', 'runs.history["loss"|]'],
    ['runs.history["lo|ng"].live()', 'loss', 'runs.history["loss"|].live()'],
    ['runs.history["x"].wh|', 'where', 'runs.history["x"].where(|)'],
    ['runs.history["x"].where(my|', 'my column', 'runs.history["x"].where("my column"|'],
    ['runs(|', 'r 2', 'runs("r 2"|'],
    ['runs(|', '$run', 'runs($run|'],
    ['runs(ta|', 'tag', 'runs(tag="|"'],
  ])('%s, then %s', async (text, label, after) => {
    expect((await at(text)).accept(label)).toBe(after);
  });

  it('leads to a query, one suggestion after the other', async () => {
    let text = '|';
    for (const [typed, label] of [
      ['', 'runs'],
      ['.', 'history'],
      ['', 'loss'],
    ] as const) {
      text = (await at(text.replace('|', `${typed}|`))).accept(label);
    }
    expect(parseCode(text.replace('|', ''), CONTEXT)).toMatchObject({ metrics: ['loss'] });
  });
});
