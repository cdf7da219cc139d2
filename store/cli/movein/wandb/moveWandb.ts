import { counted } from '../../import/counted';
import { tell } from '../../say';
import { UsageError } from '../../UsageError';
import type { Move } from '../Move';
import { MoveState } from '../MoveState';
import { Remote } from '../Remote';
import { Tally } from '../Tally';
import { historyPages, tablesOf } from './historyPages';
import { type ListedRun, WandbAccount, type WholeRun } from './WandbAccount';
import { WandbTarget } from './WandbTarget';

/** A record of how far a run came. */
interface Moved {
  /** Lines of its history that the store has. */
  lines: number;
  /** The step that the next page begins with. */
  next: number;
  /** W&B's last sign of life when it was taken to its end; left out before. */
  heartbeat?: string;
}

/** Brings the runs of a W&B project into the store. Resolves with the exit code: 1 where something was refused. */
export async function moveWandb(move: Move): Promise<number> {
  const { place, values, flags, signal } = move;
  const [, entity, project] = /^([^/]+)\/([^/]+)$/.exec(place) ?? [];
  if (entity === undefined || project === undefined) {
    throw new UsageError(
      `${place}: write the project as ENTITY/PROJECT, as in https://wandb.ai/ENTITY/PROJECT.`,
      'import',
    );
  }
  const base = (values['base-url'] ?? 'https://api.wandb.ai').replace(/\/+$/, '');
  const key = process.env.WANDB_API_KEY;
  if (!key) {
    throw new UsageError(
      'WANDB_API_KEY is not set: the key of the account that is read. https://wandb.ai/authorize shows it.',
      'import',
    );
  }
  const since = sinceOf(values.since);
  const headers = { authorization: `Basic ${Buffer.from(`api:${key}`).toString('base64')}` };
  const remote = new Remote({ name: 'W&B', headers, signal, tell });
  const account = new WandbAccount(remote, base, entity, project);
  await account.check();
  const state = new MoveState<Moved>(move.state, `${base} ${place}`, `${move.api.base} ${values.project ?? ''}`);
  if (flags.has('again')) {
    state.forget();
  }
  const wanted = values.run === undefined ? undefined : new Set(values.run.split(','));
  const tally = new Tally(place);
  for await (const listed of account.runs(since)) {
    if (wanted === undefined || wanted.delete(listed.name)) {
      await tally.take(listed.displayName || listed.name, () =>
        moveRun(account, listed, state, move, values.project ?? project),
      );
    }
  }
  for (const name of wanted ?? []) {
    tally.refuse(`There is no run ${name} in ${place}.`);
  }
  return tally.end();
}

async function moveRun(account: WandbAccount, listed: ListedRun, state: MoveState<Moved>, move: Move, project: string) {
  const before = state.read(listed.name) ?? { lines: 0, next: 0 };
  if (before.heartbeat !== undefined && before.heartbeat === signOf(listed)) {
    return 'same';
  }
  const run = await account.run(listed.name);
  const said = run && (await takeRun(account, run, before, state, move, project));
  return said === undefined ? 'gone' : { said: `${run?.state}, ${said}` };
}

/** Takes a run, and says what was taken; undefined where the run went away meanwhile. */
async function takeRun(
  account: WandbAccount,
  run: WholeRun,
  before: Moved,
  state: MoveState<Moved>,
  { root, api, flags }: Move,
  project: string,
): Promise<string | undefined> {
  const target = await WandbTarget.open(root, api, project, run);
  let { lines, next } = before;
  let tables = 0;
  const lost: string[] = [];
  for await (const page of historyPages(account, run.name, next, run.lastStep)) {
    for (const path of page.lines.flatMap(tablesOf)) {
      const text = await account.file(run.name, path);
      if (text === undefined) {
        lost.push(path);
      } else {
        await target.table(path, text);
        tables++;
      }
    }
    await target.history(lines, page.lines);
    lines += page.lines.length;
    next = page.next;
    state.write(run.name, { lines, next });
  }
  if (next <= run.lastStep && (await account.run(run.name)) === undefined) {
    return undefined;
  }
  if (flags.has('system')) {
    await target.system(await account.system(run.name));
  }
  await target.end(run);
  state.write(run.name, { lines, next, heartbeat: signOf(run) });
  for (const path of lost) {
    tell(`${run.name}: W&B does not have the file ${path} any more; its rows are left out.`);
  }
  const [line, table] = [counted(lines - before.lines, 'line'), counted(tables, 'table')];
  return `${line} of history, ${table}, as ${target.id}`;
}

/** Makes a sign of a run that changes when something comes to it. */
const signOf = ({ heartbeatAt, state }: ListedRun) => `${heartbeatAt ?? ''} ${state}`;

function sinceOf(text: string | undefined): Date | undefined {
  const date = text === undefined ? undefined : new Date(text);
  if (date !== undefined && Number.isNaN(date.getTime())) {
    throw new UsageError(`--since ${text}: write a date as 2026-01-31.`, 'import');
  }
  return date;
}
