import { expect } from 'vitest';
import { readRun } from '../clients/readRun';
import { callAgain } from './callAgain';

const STATES = ['finished', 'failed', 'deleted'] as const;

/** Runs that come and go: each logs once, and then it ends or is deleted. What was answered of that stays so. */
export class Passers {
  private readonly passed: Array<{ run: string; state: (typeof STATES)[number] }> = [];
  private isOver = false;

  constructor(private readonly url: string) {}

  async work(): Promise<void> {
    for (let n = 0; !this.isOver; n++) {
      const run = `passer-${n}`;
      const state = STATES[n % STATES.length] ?? 'finished';
      await callAgain(this.url, ['PUT', `/runs/${run}`], { project: 'passers', config: { n } });
      await callAgain(this.url, ['POST', `/runs/${run}/log`], { batchId: run, entries: [{ step: n, metrics: { n } }] });
      if (state === 'deleted') {
        // One that was done and not answered has left nothing to delete.
        await callAgain(this.url, ['DELETE', `/runs/${run}`], undefined, [200, 404]);
      } else {
        await callAgain(this.url, ['POST', `/runs/${run}/finish`], { state });
      }
      this.passed.push({ run, state });
    }
  }

  end(): void {
    this.isOver = true;
  }

  async expectAllOnce(): Promise<void> {
    const { body } = await callAgain(this.url, ['GET', '/runs?project=passers&limit=1000']);
    const { runs } = body as { runs: Array<{ id: string; state: string }> };
    const kept = this.passed.filter(({ state }) => state !== 'deleted');
    const ids = (list: readonly string[]) => list.toSorted();
    expect(ids(runs.map(({ id, state }) => `${id} ${state}`))).toEqual(
      ids(kept.map(({ run, state }) => `${run} ${state}`)),
    );
    for (const { run, state } of kept) {
      const n = Number(run.split('-')[1]);
      const read = readRun(this.url, run);
      expect(await read.points('n', 'all')).toEqual([[n, n]]);
      const end = state === 'failed' ? 'failed' : 'finish';
      expect((await read.events()).map(({ type }) => type)).toEqual(['start', end]);
    }
  }

  describe(): string {
    return `${this.passed.length} runs that came and went`;
  }
}
