import { Agent } from 'node:http';
import { type AttackedStore, LOOP_MS } from './attackedStore';
import { asCurl } from './requests/asCurl';
import { type Endpoint, jsonOf } from './requests/Endpoint';
import { drawn, ENDPOINTS, FIRST } from './requests/endpoints';
import { Learnt } from './requests/Learnt';
import { type Prepared, prepare, sendRequest } from './requests/sendRequest';
import type { Caller, WireAnswer, WireRequest } from './requests/WireRequest';
import { SECRET } from './seedAttacked';

export interface AttackOptions {
  runs: number;
  seed: number;
  /** Names of the endpoints that requests are drawn for; all when left out. */
  routes?: readonly string[];
  /** The tokens of those who call; an open store has none. */
  tokens?: Partial<Record<Caller, string>>;
  /** Clients that ask at one time. */
  clients?: number;
}

/** An answer that should not have been, with what sends the request again. */
export interface Failure {
  what: string;
  to: string;
  /** Which request of its seed, from 0. */
  index: number;
  curl: string;
  answer: string;
  /** How many more failed alike. */
  more: number;
}

interface Tally {
  sent: number;
  /** Answers below 300. */
  done: number;
  /** Refusals of fitting requests, by their statuses and codes. */
  refused: Map<string, number>;
}

/** A request, and how long it took. */
export interface Timed {
  prepared: Prepared;
  request: WireRequest;
  took: number;
}

const SLOWEST = 10;
/** Requests that ended shortly before a stall was seen are suspected of it. */
const RECENT = 40;

/** Draws requests and sends them, several at a time, and gathers every answer that should not have been. */
export class Attack {
  readonly failures: Failure[] = [];
  readonly tallies = new Map<string, Tally>();
  readonly slowest: Timed[] = [];
  /** What was under way, or just over, when the store was seen to have been blocked. */
  readonly suspects: { longest: number; requests: Timed[] }[] = [];
  readonly #learnt = new Learnt();
  readonly #agent = new Agent({ keepAlive: true });
  readonly #endpoints: readonly Endpoint[];
  readonly #recent: Timed[] = [];
  readonly #open = new Set<Timed>();
  #longest = LOOP_MS;
  #next = 0;

  constructor(
    private readonly store: AttackedStore,
    private readonly options: AttackOptions,
  ) {
    const { routes } = options;
    this.#endpoints = routes ? ENDPOINTS.filter(({ name }) => routes.includes(name)) : ENDPOINTS;
  }

  async run(onProgress: (sent: number) => void = () => {}): Promise<void> {
    for (const request of FIRST) {
      await this.#send(-1, request);
    }
    const requests = drawn(this.#endpoints, this.options.seed);
    const client = async () => {
      while (this.#next < this.options.runs && this.store.process.exitCode === null) {
        const index = this.#next++;
        const { value } = requests.next();
        await this.#send(index, value);
        onProgress(index + 1);
      }
    };
    await Promise.all(Array.from({ length: this.options.clients ?? 8 }, client));
    this.#agent.destroy();
  }

  async #send(index: number, request: WireRequest): Promise<void> {
    const { tokens } = this.options;
    const prepared = prepare(request, this.#learnt, tokens?.[request.caller ?? 'all']);
    const timed: Timed = { prepared, request, took: 0 };
    this.#open.add(timed);
    const answer = await sendRequest(this.store.url, this.#agent, prepared, request);
    this.#open.delete(timed);
    timed.took = answer.took;
    this.#note(timed, answer);
    const what = this.#judge(answer, request);
    if (what !== undefined) {
      this.#fail({ what, to: request.to, index }, prepared, answer);
    }
  }

  /** One failure stands for all that are alike but for their figures. */
  #fail(failure: Pick<Failure, 'what' | 'to' | 'index'>, prepared: Prepared, { status, text }: WireAnswer): void {
    const kind = (what: string) => what.split('\n')[0]?.replace(/\d+/g, '0').slice(0, 200);
    const alike = this.failures.find(({ to, what }) => to === failure.to && kind(what) === kind(failure.what));
    if (alike) {
      alike.more++;
      return;
    }
    const curl = asCurl(this.store.url, prepared);
    this.failures.push({ ...failure, curl, answer: `${status} ${text.slice(0, 500)}`, more: 0 });
  }

  #judge(answer: WireAnswer, request: WireRequest): string | undefined {
    const mayLackAnswer = request.leaves !== undefined || request.transfer === 'short';
    if (answer.status === 0) {
      return mayLackAnswer ? undefined : `no answer: ${answer.text}`;
    }
    if (answer.status >= 500) {
      return `status ${answer.status}${this.#stackOf(answer.text)}`;
    }
    const { tokens } = this.options;
    if (tokens && ['onlyP', 'wrong', 'none'].includes(request.caller ?? 'all') && answer.text.includes(SECRET)) {
      return 'something of a project that the token does not see';
    }
    return ENDPOINTS.find(({ name }) => name === request.to)?.judge(answer, request);
  }

  #stackOf(text: string): string {
    const id = /under the id (\w+)/.exec(text)?.[1];
    const line = this.store
      .stderr()
      .split('\n')
      .find((one) => id !== undefined && one.includes(id));
    return line === undefined ? '' : `: ${line.replaceAll('\\n', '\n')}`;
  }

  #note(timed: Timed, answer: WireAnswer): void {
    const { to } = timed.request;
    const tally = this.tallies.get(to) ?? { sent: 0, done: 0, refused: new Map() };
    tally.sent++;
    if (answer.status >= 200 && answer.status < 300) {
      tally.done++;
      this.#learnt.note(jsonOf(answer));
    } else if (timed.request.kind === 'fitting') {
      const { error } = (jsonOf(answer) ?? {}) as { error?: { code?: unknown } };
      const why = `${answer.status} ${error?.code ?? ''}`;
      tally.refused.set(why, (tally.refused.get(why) ?? 0) + 1);
    }
    this.tallies.set(to, tally);
    this.slowest.push(timed);
    this.slowest.sort((a, b) => b.took - a.took).splice(SLOWEST);
    this.#recent.push(timed);
    this.#recent.splice(0, this.#recent.length - RECENT);
    const { longest } = this.store.vitals();
    if (longest > this.#longest) {
      this.#longest = longest;
      this.suspects.push({ longest, requests: [...this.#recent, ...this.#open] });
    }
  }
}
