import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { NO_HINTS } from '../formats/rewardFunctions';
import { MediaFiles } from '../media/MediaFiles';
import { MediaLibrary } from '../media/MediaLibrary';
import { Clocks } from '../testing/Clocks';
import { type OpenStore, openStore } from '../testing/openStore';
import { FileStream } from './FileStream';
import { LoggedBefore } from './LoggedBefore';
import { TableFiles } from './TableFiles';
import { TableJoin } from './TableJoin';
import { WandbSessions } from './WandbSessions';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let store: OpenStore;
let clocks: Clocks;
beforeEach(async () => {
  clocks = new Clocks();
  store = await openStore({ ...clocks, crashedAfter: 10 * HOUR });
});
afterEach(() => store.close());

/** What one process has of W&B: the stream of one run, to which two writers of it send. */
async function openStream() {
  const { directory, runIndex, writer, engine, clock } = store;
  const files = await TableFiles.open(join(directory, 'tables'), {
    data: directory,
    runs: () => [],
    requireRoom: async () => {},
  });
  const media = await MediaFiles.open({
    data: directory,
    runs: () => [],
    isThere: () => true,
    requireRoom: async () => {},
  });
  const stream = new FileStream(
    runIndex,
    writer,
    new TableJoin(files, writer, new MediaLibrary(media, runIndex), () => NO_HINTS),
    new LoggedBefore(engine),
    clock,
  );
  const sessions = new WandbSessions(runIndex, (run) => engine.adapterState(run));
  let step = clocks.passed;
  return {
    line: async (by: string, offset: number) =>
      stream.take(
        await sessions.require('p', 'r', FULL_ACCESS),
        {
          history: { offset, content: [JSON.stringify({ _step: ++step, _timestamp: clocks.wall / 1_000, x: 1 })] },
          preempting: false,
        },
        by,
        FULL_ACCESS,
      ),
    end: async (by: string) =>
      stream.take(await sessions.require('p', 'r', FULL_ACCESS), { preempting: false, exitCode: 0 }, by, FULL_ACCESS),
  };
}
const stateOf = () => store.runIndex.get('r')?.record.state;

it.each([
  ['ahead', 3 * HOUR],
  ['back', -3 * HOUR],
])(
  'a writer that ends after the others reopens no run, though the store was started anew and its clock set %s',
  async (_, jump) => {
    await store.writer.putRun('r', { project: 'p' }, FULL_ACCESS);
    const before = await openStream();
    await before.line('one', 0);
    await before.line('two', 0);
    await before.end('one');
    expect(stateOf()).toBe('finished');
    await store.stop();
    clocks.wall += jump;
    clocks.passed = clocks.wall;
    store = await openStore({ ...clocks, directory: store.directory, crashedAfter: 10 * HOUR });
    const after = await openStream();
    await after.line('two', 1);
    clocks.wait(4 * MINUTE);
    await after.line('two', 2);
    expect(stateOf()).toBe('finished');
    // It goes on for longer than a farewell takes: the run does, too, whatever the clock says.
    clocks.wait(2 * MINUTE);
    await after.line('two', 3);
    expect(stateOf()).toBe('running');
  },
);
