import {
  createDataFrame,
  type DataFrame,
  type DataQueryError,
  type DataQueryResponse,
  LoadingState,
} from '@grafana/data';
import { emptyFrames, reasonFrame } from '../frames/metricsFrames';
import { unknownFrames } from '../frames/unknownFrames';
import { toFailure } from '../http/failure';
import { NOT_THERE } from '../http/StoreClient';
import type { LastGood } from '../LastGood';
import { NothingChosen } from '../NothingChosen';
import { isComplete, type StoreQuery } from '../query';
import { Chart } from './Chart';
import type { QueryContext } from './QueryContext';
import { RowsTail } from './RowsTail';
import { runQuery } from './runQuery';

export type TargetsAnswer = Pick<DataQueryResponse, 'data' | 'errors' | 'state'>;

/** The source of a query's answers; one that follows its runs is asked to go on. */
interface Source {
  begin(): Promise<DataFrame[]>;
  /** The frames anew, undefined where nothing came. */
  goOn?(): Promise<DataFrame[] | undefined>;
  lookUpRuns?(): Promise<void>;
  readonly isRunning?: boolean;
  readonly isLabelled?: boolean;
}

interface Target {
  query: StoreQuery;
  source: Source;
  frames: DataFrame[];
  error?: DataQueryError;
}

/** The queries of one panel, each on its own: one that fails is marked and shows what it last had. */
export class Targets {
  private readonly targets: Target[];

  constructor(
    queries: readonly StoreQuery[],
    context: QueryContext,
    private readonly last: LastGood,
  ) {
    this.targets = queries.map((query) => ({ query, source: sourceOf(query, context), frames: [] }));
  }

  /** True when some query asked to be kept up to date, and has a run that still logs or could not be asked. */
  get isLive(): boolean {
    return this.targets.some((target) => isLive(target));
  }

  /** True when some query asked to be kept up to date, and shows rows that may be labelled, though its runs ended. */
  get isLabelled(): boolean {
    return this.targets.some((target) => isLabelled(target));
  }

  async begin(): Promise<TargetsAnswer> {
    await Promise.all(this.targets.map((target) => this.ask(target, () => target.source.begin())));
    return this.answer();
  }

  /** The answer anew, undefined where nothing changed. With `lookUp` the runs are looked up: they may have ended. */
  async goOn(lookUp: boolean): Promise<TargetsAnswer | undefined> {
    const before = this.isLive;
    const changes = await Promise.all(
      this.targets
        .filter((target) => isLive(target) || isLabelled(target))
        .map((target) => {
          const { source } = target;
          return this.ask(target, async () => {
            // After a failure everything is asked for: what was kept may be from before the store's restart.
            const frames = target.error ? await source.begin() : await source.goOn?.();
            await (lookUp && isLive(target) && source.lookUpRuns?.());
            return frames;
          });
        }),
    );
    return changes.includes(true) || this.isLive !== before ? this.answer() : undefined;
  }

  /** True when there is something to show that was not there before. */
  private async ask(target: Target, question: () => Promise<DataFrame[] | undefined>): Promise<boolean> {
    const { refId } = target.query;
    const key = JSON.stringify(target.query);
    const failedBefore = target.error;
    try {
      const frames = await question();
      delete target.error;
      if (frames) {
        target.frames = frames;
        this.last.keep(key, frames, Date.now());
      }
      return frames !== undefined || failedBefore !== undefined;
    } catch (error) {
      const failure = toFailure(error);
      const { message, status, code } = failure;
      if (error instanceof NothingChosen || (code && NOT_THERE.has(code))) {
        // What is not there (yet, or any more) is no fault of the query.
        const said = target.frames[0]?.meta?.notices?.[0]?.text;
        delete target.error;
        target.frames = [nothing(target.query, message)];
        return said !== message;
      }
      target.error = { refId, message, ...(status > 0 && { status }) };
      const kept = failure.isTransient ? this.last.show(key, message) : [];
      target.frames = kept.length > 0 ? kept : unknownFrames(target.query, message);
      return failedBefore?.message !== message;
    }
  }

  private answer(): TargetsAnswer {
    const errors = this.targets.flatMap(({ error }) => error ?? []);
    const state = errors.length > 0 ? LoadingState.Error : this.isLive ? LoadingState.Streaming : LoadingState.Done;
    return {
      data: this.targets.flatMap(({ frames }) => frames),
      state,
      ...(errors.length > 0 && { errors }),
    };
  }
}

/** No rows, and why. */
function nothing(query: StoreQuery, text: string): DataFrame {
  if (query.queryType === 'metrics') {
    return reasonFrame(query, text);
  }
  const { refId } = query;
  return { ...createDataFrame({ refId, fields: [] }), meta: { notices: [{ severity: 'warning', text }] } };
}

function sourceOf(query: StoreQuery, context: QueryContext): Source {
  if (!isComplete(query)) {
    return { begin: async () => (query.queryType === 'metrics' ? emptyFrames(query) : []) };
  }
  switch (query.queryType) {
    case 'metrics':
      return new Chart(query, context);
    case 'rows':
      return new RowsTail(query, context);
    default:
      return { begin: () => runQuery(query, context) };
  }
}

const isLive = ({ query, source, error }: Target): boolean =>
  'live' in query && query.live === true && (error !== undefined || source.isRunning === true);

const isLabelled = ({ query, source }: Target): boolean =>
  'live' in query && query.live === true && source.isLabelled === true;
