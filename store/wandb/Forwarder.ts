import { setTimeout as sleep } from 'node:timers/promises';
import { textOf } from '../formats/coerce';
import { isObject } from '../formats/readObject';
import type { Log } from '../http/Log';

/** Another server that speaks W&B's protocol, and the API key to it. */
export interface ForwardTarget {
  url: string;
  key: string;
}

/** Bytes that may wait to be forwarded, over all runs; beyond it what comes is dropped, and the log says so. */
const SPOOL_BYTES = 256 * 1024 * 1024;
/** Bytes that a call takes beside its body. */
const ITEM_BYTES = 1_000;
const ANSWER_MS = 60_000;
/** Pauses between tries double up to the longest. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** Milliseconds that a store which stops waits for what is under way. */
const FAREWELL_MS = 3_000;

/** A run as the client names it: by its owner (W&B's entity), if it named one, its project and its id. */
export interface RunPath {
  entity: string | undefined;
  project: string;
  /** The run's id as clients know it. */
  name: string;
}

interface Item {
  what: string;
  bytes: number;
  send(): Promise<unknown>;
}

interface Queue {
  items: Item[];
  dropped: number;
}

/** The other server refused, and will again. */
class Refused extends Error {}

/**
 * Sends what W&B clients logged on to another server, run by run in order. Nothing here is waited for: a server that is
 * slow or away costs memory, up to the limit, and then what it missed.
 */
export class Forwarder {
  private readonly queues = new Map<string, Queue>();
  private waiting = 0;
  private readonly stop = new AbortController();
  private owner: unknown;

  constructor(
    private readonly target: ForwardTarget,
    private readonly log: Log,
    private readonly spoolBytes = SPOOL_BYTES,
  ) {}

  upsert(run: RunPath, query: string, variables: Record<string, unknown>): void {
    // Ids are each server's own.
    const body = { query, variables: { ...variables, id: null, entity: run.entity ?? null } };
    this.add(run, { what: 'the run', bytes: JSON.stringify(body).length, send: () => this.ask(body) });
  }

  /** `headers` tell the writers of a shared run apart. */
  stream(run: RunPath, body: Buffer, headers: Record<string, string>): void {
    const send = async () => {
      const path = ['files', await this.entityOf(run), run.project, run.name, 'file_stream'];
      await this.post(`/${path.map(encodeURIComponent).join('/')}`, body, headers);
    };
    this.add(run, { what: 'lines of the run', bytes: body.length, send });
  }

  file(run: RunPath, file: string, bytes: Buffer): void {
    const send = async () => {
      const variables = { entity: await this.entityOf(run), project: run.project, run: run.name, files: [file] };
      const created = pick(await this.ask({ query: CREATE_FILES, variables }), 'createRunFiles');
      const url = pick(asList(pick(created, 'files'))[0], 'uploadUrl');
      if (typeof url !== 'string') {
        throw new Refused('it gave no address for the file');
      }
      const body = new Uint8Array(bytes);
      await checked(fetch(url, { method: 'PUT', body, headers: uploadHeaders(created), signal: this.signal() }));
    };
    this.add(run, { what: `the file ${file}`, bytes: bytes.length, send });
  }

  /** Logs that a file is not forwarded, since it does not fit in memory. */
  tooLarge({ name }: RunPath, file: string): void {
    this.log({ event: 'forward_dropped', run: name, message: `The file ${file} is too large to be forwarded.` });
  }

  async close(): Promise<void> {
    const end = performance.now() + FAREWELL_MS;
    while (this.waiting > 0 && performance.now() < end) {
      await sleep(50);
    }
    this.stop.abort();
    const left = [...this.queues.values()].reduce((sum, { items }) => sum + items.length, 0);
    if (left > 0) {
      this.log({
        event: 'forward_dropped',
        message: `${left} calls were not forwarded to ${this.target.url}: stopping.`,
      });
    }
  }

  private add({ project, name }: RunPath, { bytes, ...call }: Item): void {
    const item = { ...call, bytes: bytes + ITEM_BYTES };
    const key = `${project}/${name}`;
    const queue = this.queues.get(key);
    if (this.waiting + item.bytes > this.spoolBytes) {
      this.dropped(key, queue, item);
      return;
    }
    this.waiting += item.bytes;
    if (queue) {
      queue.items.push(item);
      return;
    }
    const begun = { items: [item], dropped: 0 };
    this.queues.set(key, begun);
    void this.drain(key, begun);
  }

  private dropped(run: string, queue: Queue | undefined, item: Item): void {
    if (!queue || queue.dropped === 0) {
      const limit = `${Math.round(this.spoolBytes / 1024 / 1024)} MB wait for ${this.target.url}`;
      this.log({ event: 'forward_dropped', run, message: `${limit}; ${item.what} is not forwarded.` });
    }
    if (queue) {
      queue.dropped++;
    }
  }

  private async drain(run: string, queue: Queue): Promise<void> {
    for (let item = queue.items[0]; item; item = queue.items[0]) {
      await this.deliver(run, item);
      if (this.stop.signal.aborted) {
        return;
      }
      queue.items.shift();
      this.waiting -= item.bytes;
    }
    if (queue.dropped > 0) {
      this.log({ event: 'forward_dropped', run, message: `${queue.dropped} calls of the run were not forwarded.` });
    }
    this.queues.delete(run);
  }

  /** Tries until it is taken or refused. */
  private async deliver(run: string, item: Item): Promise<void> {
    for (let pause = FIRST_PAUSE_MS; !this.stop.signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        await item.send();
        return;
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        if (cause instanceof Refused) {
          this.log({ event: 'forward_refused', run, message: `${this.target.url} refused ${item.what}: ${reason}` });
          return;
        }
        if (pause === FIRST_PAUSE_MS && !this.stop.signal.aborted) {
          this.log({ event: 'forward_waits', run, message: `${this.target.url} does not answer: ${reason}` });
        }
        await sleep(pause, undefined, { signal: this.stop.signal }).catch(() => undefined);
      }
    }
  }

  /** The owner that the client named, or whom the other server takes for the owner of the key. */
  private async entityOf({ entity }: RunPath): Promise<string> {
    if (entity !== undefined) {
      return entity;
    }
    this.owner ??= pick(pick(await this.ask({ query: 'query Viewer { viewer { entity } }' }), 'viewer'), 'entity');
    if (typeof this.owner !== 'string') {
      throw new Refused('its key has no owner');
    }
    return this.owner;
  }

  /** The data of a GraphQL answer. */
  private async ask(body: object): Promise<unknown> {
    const answer = await (await this.post('/graphql', Buffer.from(JSON.stringify(body)), {})).json();
    const errors = asList(pick(answer, 'errors'));
    if (errors.length > 0) {
      throw new Refused(textOf(pick(errors[0], 'message')));
    }
    return pick(answer, 'data');
  }

  private post(path: string, body: Buffer, headers: Record<string, string>): Promise<Response> {
    const authorization = `Basic ${Buffer.from(`api:${this.target.key}`).toString('base64')}`;
    return checked(
      fetch(this.target.url.replace(/\/+$/, '') + path, {
        method: 'POST',
        body: new Uint8Array(body),
        headers: { ...headers, 'content-type': 'application/json', authorization },
        signal: this.signal(),
      }),
    );
  }

  private signal(): AbortSignal {
    return AbortSignal.any([this.stop.signal, AbortSignal.timeout(ANSWER_MS)]);
  }
}

const CREATE_FILES = `mutation CreateRunFiles($entity: String!, $project: String!, $run: String!, $files: [String!]!) {
  createRunFiles(input: {entityName: $entity, projectName: $project, runName: $run, files: $files}) {
    runID uploadHeaders files { name uploadUrl }
  }
}`;

const pick = (value: unknown, field: string): unknown => (isObject(value) ? value[field] : undefined);
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Headers that the address wants, each `Name:value`. */
function uploadHeaders(created: unknown): Record<string, string> {
  const pairs = asList(pick(created, 'uploadHeaders')).map(String);
  return Object.fromEntries(pairs.map((one) => [one.slice(0, one.indexOf(':')), one.slice(one.indexOf(':') + 1)]));
}

/** Throws `Refused` for an answer that another try would not change. */
async function checked(call: Promise<Response>): Promise<Response> {
  const answer = await call;
  if (answer.ok) {
    return answer;
  }
  const reason = `${answer.status} ${(await answer.text()).slice(0, 300)}`;
  const isTransient = answer.status >= 500 || answer.status === 429 || answer.status === 408;
  throw isTransient ? new Error(reason) : new Refused(reason);
}
