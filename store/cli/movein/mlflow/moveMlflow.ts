import { createHash } from 'node:crypto';
import { counted } from '../../import/counted';
import { tell } from '../../say';
import { UsageError } from '../../UsageError';
import type { Move } from '../Move';
import { MoveState } from '../MoveState';
import { Remote, RemoteRefusal } from '../Remote';
import { Tally } from '../Tally';
import { type Experiment, type MlflowRun, MlflowServer } from './MlflowServer';
import { type Moved, RunMove } from './RunMove';

/** Brings the runs of an MLflow server into the store. Resolves with the exit code: 1 where something was refused. */
export async function moveMlflow(move: Move): Promise<number> {
  const { place, values, flags, signal } = move;
  if (!URL.canParse(place) || !/^https?:/.test(place)) {
    throw new UsageError(`${place}: write the server's address as http://mlflow:5000.`, 'import');
  }
  const base = place.replace(/\/+$/, '');
  const server = new MlflowServer(new Remote({ name: 'MLflow', headers: headersOf(process.env), signal, tell }), base);
  const state = new MoveState<Moved>(move.state, base, `${move.api.base} ${values.project ?? ''}`);
  if (flags.has('again')) {
    state.forget();
  }
  const since = sinceOf(values.since);
  const wanted = values.run === undefined ? undefined : new Set(values.run.split(','));
  const tally = new Tally(place);
  for (const experiment of await experimentsOf(server, base, values.experiment)) {
    for await (const run of server.runs(experiment.experiment_id, since)) {
      const { run_id: id, run_name: name = id } = run.info;
      if (wanted === undefined || wanted.delete(id)) {
        await tally.take(name, () => moveRun(server, run, experiment, state, move));
      }
    }
  }
  for (const id of wanted ?? []) {
    tally.refuse(`There is no run ${id} at ${place}.`);
  }
  return tally.end();
}

async function experimentsOf(server: MlflowServer, base: string, name: string | undefined): Promise<Experiment[]> {
  const all = await server.experiments().catch((cause: unknown) => {
    if (cause instanceof RemoteRefusal && [401, 403].includes(cause.status)) {
      throw new Error(
        `${base} wants to know who asks: set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.`,
      );
    }
    throw cause instanceof RemoteRefusal ? new Error(`${base} is no MLflow server: ${cause.message}.`) : cause;
  });
  const chosen = name === undefined ? all : all.filter((one) => one.name === name);
  if (name !== undefined && chosen.length === 0) {
    throw new Error(
      `There is no experiment ${name} at ${base}; there are ${all.map((one) => one.name).join(', ') || 'none'}.`,
    );
  }
  return chosen;
}

async function moveRun(
  server: MlflowServer,
  run: MlflowRun,
  experiment: Experiment,
  state: MoveState<Moved>,
  move: Move,
) {
  const before = state.read(run.info.run_id);
  const sign = signOf(run, move.flags.has('system'));
  if (before?.sign === sign) {
    return 'same';
  }
  try {
    const moved = new RunMove(server, run, move, (now) => state.write(run.info.run_id, now), before);
    const { points, rows, id } = await moved.take(move.values.project ?? experiment.name, sign);
    return { said: `${run.info.status.toLowerCase()}, ${counted(points, 'point')}, ${counted(rows, 'row')}, as ${id}` };
  } catch (cause) {
    if (cause instanceof RemoteRefusal && cause.status === 404) {
      return 'gone';
    }
    throw cause;
  }
}

/** Makes a sign of a run that changes when something comes to it. */
const signOf = ({ info, data }: MlflowRun, withSystem: boolean) =>
  createHash('sha256')
    .update(JSON.stringify([info.status, info.end_time, data, withSystem]))
    .digest('hex')
    .slice(0, 24);

/** Makes the headers of a login from the variables that tell it to MLflow's own clients. */
function headersOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  const {
    MLFLOW_TRACKING_TOKEN: token,
    MLFLOW_TRACKING_USERNAME: user,
    MLFLOW_TRACKING_PASSWORD: password,
  } = environment;
  if (user && password) {
    return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
  }
  return token ? { authorization: `Bearer ${token}` } : {};
}

function sinceOf(text: string | undefined): number | undefined {
  const date = text === undefined ? undefined : Date.parse(text);
  if (date !== undefined && Number.isNaN(date)) {
    throw new UsageError(`--since ${text}: write a date as 2026-01-31.`, 'import');
  }
  return date;
}
