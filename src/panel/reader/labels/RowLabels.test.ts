import type { LabelSource } from '@rolloscope/contract/frames';
import type { Label, LabelPut } from '@rolloscope/contract/types';
import { expect, it } from 'vitest';
import { RowLabels } from './RowLabels';

const VERDICTS = ['good', 'bad'];

/** A store of one rollout; what it is told to fail with, it fails with once. */
function createStore(first: Label[] = []) {
  const all = [...first];
  const store = { puts: [] as LabelPut[], fault: undefined as unknown, looks: 0, lost: [] as string[] };
  const newest = (person?: string) => all.findLast((one) => one.person === person);
  const source: Pick<LabelSource, 'rowLabels' | 'putLabel'> = {
    async rowLabels() {
      store.looks++;
      const labels = [...new Map(all.map((one) => [one.person, one])).values()];
      return { labels, history: [...all], changes: all.length, verdicts: VERDICTS, rows: 1, taken: true, asOf: '1' };
    },
    async putLabel(_, put) {
      store.puts.push(put);
      const { fault } = store;
      store.fault = undefined;
      if (fault !== undefined) {
        throw fault;
      }
      const { person = '', version: _v, verdict, comment, star } = put;
      const { verdict: v, comment: c, ...before } = newest(person) ?? label({ person, version: 0 });
      const [said, wrote] = [verdict === undefined ? v : verdict, comment === undefined ? c : comment];
      const next = {
        ...{ ...before, ...(star !== undefined && { star }), version: before.version + 1 },
        ...(said != null && { verdict: said }),
        ...(wrote != null && { comment: wrote }),
      };
      all.push(next);
      return { label: next };
    },
  };
  return { store, all, labels: new RowLabels(source, 'row', 'ada', (fault) => store.lost.push(fault)) };
}

const label = (partial: Partial<Label>): Label => ({
  ...{ person: 'ada', proven: false, star: false, version: 1, time: 5 },
  ...partial,
});

async function opened(first: Label[] = []) {
  const all = createStore(first);
  const stop = all.labels.follow(() => true);
  await expect.poll(() => all.labels.getState().answer).toBeDefined();
  stop();
  return { ...all, leave: all.labels.subscribe(() => undefined) };
}

it('shows a change at once, and each is made of the version that the one before left', async () => {
  const { labels, store } = await opened([label({ person: 'bob', star: true })]);
  const saved = [labels.change({ star: true }), labels.change({ verdict: 'bad' })];
  expect(labels.getState()).toMatchObject({ own: { star: true, verdict: 'bad' }, isSaving: true });
  expect(await Promise.all(saved)).toEqual([true, true]);
  expect(store.puts.map(({ version }) => version)).toEqual([0, 1]);
  expect(labels.getState()).toMatchObject({ own: { star: true, verdict: 'bad' }, isSaving: false });
  expect(labels.getState().answer?.history).toHaveLength(3);
});

it('takes the last change back, once', async () => {
  const { labels } = await opened([label({ verdict: 'good', comment: 'hm' })]);
  await labels.change({ verdict: 'bad' });
  expect(labels.getState().before).toEqual({ star: false, verdict: 'good', comment: 'hm' });
  expect(await labels.undo()).toBe(true);
  expect(labels.getState()).toMatchObject({ own: { verdict: 'good', comment: 'hm' }, before: undefined });
});

it('shows what is there, and why, where a change could not be saved', async () => {
  const { labels, store } = await opened([label({ verdict: 'good' })]);
  store.fault = new Error('The disk is full.');
  expect(await labels.change({ verdict: 'bad' })).toBe(false);
  expect(labels.getState()).toMatchObject({ own: { verdict: 'good' }, fault: 'The disk is full.', isSaving: false });
  expect(await labels.change({ verdict: 'bad' })).toBe(true);
  expect(labels.getState().fault).toBeUndefined();
});

it('reads what another window of the person said, and overwrites nothing of it', async () => {
  const { labels, store, all } = await opened();
  all.push(label({ verdict: 'good' }));
  store.fault = Object.assign(new Error('changed meanwhile'), { code: 'label_conflict' });
  expect(await labels.change({ verdict: 'bad' })).toBe(false);
  expect(labels.getState().own.verdict).toBe('good');
  expect(labels.getState().fault).toContain('another window');
  expect(await labels.change({ verdict: 'bad' })).toBe(true);
});

it('tells what was lost when nobody looks any more', async () => {
  const { labels, store, leave } = await opened();
  store.fault = new Error('away');
  const saved = labels.change({ star: true });
  leave();
  await saved;
  expect(store.lost).toEqual(['away']);
});
