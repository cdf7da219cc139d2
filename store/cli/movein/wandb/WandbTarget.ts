import type { StoreClient } from '../../StoreClient';
import type { WholeRun } from './WandbAccount';

/** Bytes and lines of one call; a store takes 32 MB. */
const MOST_CHARS = 4 * 2 ** 20;
const MOST_LINES = 1_000;

const UPSERT = 'mutation UpsertBucket { upsertBucket { bucket { id } inserted } }';
const CREATE_FILES = 'mutation CreateRunFiles { createRunFiles { files { name uploadUrl } } }';
/** States in which a run ends by itself: W&B's, and the store's for each. */
const ENDED: Readonly<Record<string, 'finished' | 'failed' | 'crashed'>> = {
  finished: 'finished',
  failed: 'failed',
  crashed: 'crashed',
  killed: 'crashed',
  preempted: 'crashed',
};

/**
 * One run in the store, written through the endpoints that W&B's clients log to: so steps, tables, texts and summaries
 * become what they would have been, had the trainer logged to the store.
 */
export class WandbTarget {
  private constructor(
    private readonly root: StoreClient,
    private readonly api: StoreClient,
    private readonly project: string,
    private readonly run: string,
    /** Its id in the store. */
    readonly id: string,
  ) {}

  /** Makes the run, or finds it; what describes it is as at the source. `root` calls the store's root, `api` its API. */
  static async open(root: StoreClient, api: StoreClient, project: string, run: WholeRun): Promise<WandbTarget> {
    const { name, displayName, tags, group, jobType, notes, config } = run;
    const variables = { name, project, displayName, tags, groupName: group, jobType, notes, config };
    const answer = (await root.send('POST', '/graphql', { query: UPSERT, variables })) as {
      data: { upsertBucket: { bucket: { id: string } } };
    };
    const { id } = answer.data.upsertBucket.bucket;
    const startedAt = Date.parse(`${run.createdAt.replace(/Z$/, '')}Z`);
    if (Number.isFinite(startedAt)) {
      await api.send('PUT', `/runs/${encodeURIComponent(id)}`, { project, startedAt });
    }
    return new WandbTarget(root, api, project, name, id);
  }

  /** Lines of history from number `offset` on. What the store has of them already it does not take again. */
  async history(offset: number, lines: readonly string[]): Promise<void> {
    await this.lines('wandb-history.jsonl', offset, lines);
  }

  async system(lines: readonly string[]): Promise<void> {
    await this.lines('wandb-events.jsonl', 0, lines);
  }

  async table(path: string, text: string): Promise<void> {
    const variables = { project: this.project, run: this.run, files: [path] };
    const answer = (await this.root.send('POST', '/graphql', { query: CREATE_FILES, variables })) as {
      data: { createRunFiles: { files: Array<{ uploadUrl: string }> } };
    };
    const [file] = answer.data.createRunFiles.files;
    await this.root.sendText('PUT', new URL(file?.uploadUrl ?? '', this.root.base).pathname, text);
  }

  /** Its summary, and how it ended; a run that goes on at the source goes on here. */
  async end({ summaryMetrics, state }: WholeRun): Promise<void> {
    const files = { 'wandb-summary.json': { offset: 0, content: [summaryMetrics] } };
    const ended = ENDED[state];
    await this.stream({
      files,
      ...(ended !== undefined && { complete: true, exitcode: ended === 'finished' ? 0 : 1 }),
    });
    if (ended === 'crashed') {
      await this.api.send('POST', `/runs/${encodeURIComponent(this.id)}/finish`, { state: ended });
    }
  }

  private async lines(file: string, offset: number, lines: readonly string[]): Promise<void> {
    for (let from = 0; from < lines.length; ) {
      let to = from + 1;
      for (let chars = lines[from]?.length ?? 0; to < lines.length && to - from < MOST_LINES; to++) {
        chars += lines[to]?.length ?? 0;
        if (chars > MOST_CHARS) {
          break;
        }
      }
      await this.stream({ files: { [file]: { offset: offset + from, content: lines.slice(from, to) } } });
      from = to;
    }
  }

  private async stream(body: object): Promise<void> {
    const path = `/files/moved/${encodeURIComponent(this.project)}/${encodeURIComponent(this.run)}/file_stream`;
    await this.root.send('POST', path, body);
  }
}
