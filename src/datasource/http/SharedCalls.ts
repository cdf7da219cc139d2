import { Audience } from './Audience';

interface Call {
  audience: Audience;
  answer: Promise<unknown>;
}

/** Questions that are under way: who asks the same in the meantime gets the same answer, which nobody may change. */
export class SharedCalls {
  private readonly underWay = new Map<string, Call>();

  ask<T>(question: string, signal: AbortSignal | undefined, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const known = this.underWay.get(question);
    if (known && !known.audience.signal.aborted) {
      known.audience.join(signal);
      return known.answer as Promise<T>;
    }
    const audience = new Audience();
    audience.join(signal);
    const answer = send(audience.signal);
    const call = { audience, answer };
    this.underWay.set(question, call);
    const forget = () => this.underWay.get(question) === call && this.underWay.delete(question);
    answer.then(forget, forget);
    return answer;
  }
}
