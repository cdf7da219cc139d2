import { expect } from 'vitest';
import { type StartedStore, spawnStore, startStore } from '../bench/startStore';
import { freePort } from '../processes/freePort';
import { isChanging } from './isChanging';
import { type Moments, sleep } from './Moments';

/**
 * How a store is ended. Kills: while it works, while it starts, just after it is ready, when hourly upkeep runs for the
 * first time, in the middle of a checkpoint, while it stops. Clean stops: while it works, just after it is ready, at the
 * first upkeep, and while it starts.
 */
export const KILLS = ['working', 'starting', 'ready', 'upkeep', 'checkpoint', 'stopping'] as const;
export const STOPS = ['stopped', 'stopped ready', 'stopped at upkeep', 'stopped starting'] as const;
export type Ending = (typeof KILLS)[number] | (typeof STOPS)[number];

/** Milliseconds within which a store that is told to stop has stopped: its promise, and room for a machine in use. */
const STOP_MS = 20_000;
/** Milliseconds after its start at which a store does its hourly upkeep for the first time. */
const UPKEEP_MS = 1_000;

/** A store that is ended and started again, on one folder and one port, while clients go on. */
export class UnsteadyStore {
  private started: StartedStore;
  private readonly ended = new Map<string, number>();
  /** Kills that hit a checkpoint in the middle. */
  private cutCheckpoints = 0;
  private slowestStart = 0;
  private slowestStop = 0;
  /** What every process that was wrote to stderr. */
  private log = '';

  private constructor(
    started: StartedStore,
    private readonly port: number,
    private readonly moments: Moments,
    private readonly args: string[],
  ) {
    this.started = started;
  }

  static async start(data: string, moments: Moments, args: string[] = []): Promise<UnsteadyStore> {
    const port = await freePort();
    return new UnsteadyStore(await startStore({ data, port, args }), port, moments, args);
  }

  get url(): string {
    return this.started.url;
  }

  /** Ends it as asked, at a moment that is drawn, `most` milliseconds from now at the latest, and starts it again. */
  async endAndStart(how: Ending, most: number): Promise<void> {
    const { moments } = this;
    if (how === 'working' || how === 'stopped') {
      await sleep(moments.between(50, most));
    } else if (how === 'upkeep' || how === 'stopped at upkeep') {
      await this.again('SIGKILL');
      await sleep(Math.max(0, UPKEEP_MS - this.started.startedIn + moments.between(0, 400)));
    } else if (how === 'checkpoint') {
      await this.untilCheckpoint(most + 2 * UPKEEP_MS);
    } else if (how !== 'stopping') {
      await sleep(moments.between(50, most));
      await this.again('SIGKILL');
    }
    if (how === 'stopping') {
      // The last thing that it does is a checkpoint.
      await sleep(moments.between(50, most));
      this.started.process.kill('SIGTERM');
      await Promise.race([this.untilCheckpoint(STOP_MS), sleep(moments.between(10, 300))]);
    }
    await this.again(how.startsWith('stopped') ? 'SIGTERM' : 'SIGKILL', how.endsWith('starting'));
    this.ended.set(how, (this.ended.get(how) ?? 0) + 1);
  }

  /** `isStarting`: what is started is itself ended before it is ready. */
  private async again(signal: 'SIGKILL' | 'SIGTERM', isStarting = false): Promise<void> {
    await this.end(signal);
    const { data } = this.started;
    if (isStarting) {
      const { startedIn } = this.started;
      const early = spawnStore({ data, port: this.port, args: this.args });
      await sleep(this.moments.between(0, Math.ceil(startedIn * 1.1)));
      early.process.kill(signal);
      // A signal that comes before Node listens for it ends the process by itself.
      expect([0, null], early.stderr()).toContain(await early.ended);
      this.log += early.stderr();
    }
    this.started = await startStore({ data, port: this.port, args: this.args });
    this.slowestStart = Math.max(this.slowestStart, this.started.startedIn);
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { started } = this;
    if (signal === 'SIGKILL') {
      await started.kill();
      this.cutCheckpoints += (await isChanging(this.started.data)) ? 1 : 0;
    } else {
      const begin = performance.now();
      const code = await Promise.race([started.stop(), sleep(STOP_MS)]);
      expect(code, `it did not stop, or not well:\n${started.stderr()}`).toBe(0);
      this.slowestStop = Math.max(this.slowestStop, performance.now() - begin);
    }
    this.log += started.stderr();
  }

  private async untilCheckpoint(most: number): Promise<void> {
    for (const end = performance.now() + most; performance.now() < end && !(await isChanging(this.started.data)); ) {
      await sleep(1);
    }
  }

  /** Stops it for good; expects that no process of it told of a fault. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
    expect(this.log).not.toMatch(/fault|internal|damaged|upkeep_failed|alerts_failed/);
  }

  describe(): string {
    const ends = [...this.ended].map(([how, times]) => `${times} ${how}`).join(', ');
    const slowest = `slowest start ${Math.round(this.slowestStart)} ms, stop ${Math.round(this.slowestStop)} ms`;
    return `${ends} (${this.cutCheckpoints} kills in a checkpoint); ${slowest}`;
  }
}
