import { afterEach, beforeEach, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { type OpenStore, openStore } from '../testing/openStore';
import { AdapterSession, type StateKind } from './AdapterSession';

interface State {
  lines: number;
  names: string[];
}
const KIND: StateKind<State> = { key: 'test', empty: () => ({ lines: 0, names: [] }) };

let store: OpenStore;
beforeEach(async () => {
  store = await openStore();
  await store.writer.putRun('r', { project: 'p' }, FULL_ACCESS);
});
afterEach(() => store.close());

const stored = () => store.engine.adapterState('r');
async function open() {
  return new AdapterSession({ id: 'r', project: 'p' }, KIND, await stored());
}

it('keeps the state with the entries that led to it, or neither', async () => {
  const session = await open();
  const state = { lines: 1, names: ['a'] };
  const wrong = { step: 1, metrics: { x: 1 }, tables: { t: { columns: [], rows: [] } } };
  await expect(
    session.log(store.writer, FULL_ACCESS, { entries: [{ ...wrong, step: -1.5 }], state }),
  ).rejects.toThrow();
  expect([session.state, await stored()]).toEqual([KIND.empty(), new Map()]);
  await session.log(store.writer, FULL_ACCESS, { entries: [{ step: 1, metrics: { x: 1 } }], state });
  expect(session.state).toBe(state);
  expect((await open()).state).toEqual(state);
});

it('takes a state that an earlier version stored, whose new fields are empty', () => {
  const session = new AdapterSession({ id: 'r', project: 'p' }, KIND, new Map([['test', '{"lines":7}']]));
  expect(session.state).toEqual({ lines: 7, names: [] });
});

it('tells what is left out once a kind, as soon as that is stored', async () => {
  const session = await open();
  const told = () => {
    const leftOut = session.leavesOut();
    leftOut.add('pictures', 'first');
    return leftOut;
  };
  expect(told().events()).toHaveLength(1);
  await session.tell(store.writer, FULL_ACCESS, told());
  expect(told().events()).toEqual([]);
  const events = await store.engine.events({ runs: ['r'], types: ['left_out'], limit: 10 });
  expect(events.map(({ title }) => title)).toEqual(['Not kept: pictures']);
});

it('does one thing at a time, also after one that failed', async () => {
  const session = await open();
  const done: string[] = [];
  const first = session.alone(async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    done.push('first');
    throw new Error('failed');
  });
  const second = session.alone(async () => done.push('second'));
  await expect(first).rejects.toThrow('failed');
  await second;
  expect(done).toEqual(['first', 'second']);
});
