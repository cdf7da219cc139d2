import type { Page } from 'playwright-core';

export interface Question {
  /** Below the API's base, without its query string. */
  path: string;
  /** The query string and the body: what it asks. */
  what: string;
  body: Record<string, unknown>;
  isAborted: boolean;
}

/** Milliseconds without a question after which a page has asked what it wanted. */
const QUIET = 3_000;
const PATIENCE = 60_000;

/** Writes down what a page asks the store, from now on. */
export class AskedOfStore {
  private all: Question[] = [];
  /** What the browser's console would show as failed. */
  readonly refused: string[] = [];
  private last = Date.now();

  constructor(private readonly page: Page) {
    const byRequest = new Map<object, Question>();
    page.on('request', (request) => {
      const [, rest] = request.url().split('/api/v1');
      if (rest === undefined) {
        return;
      }
      const [path = '', query = ''] = rest.split('?');
      const text = request.postData() ?? '';
      const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
      const question = { path, what: `${query} ${text}`, body, isAborted: false };
      byRequest.set(request, question);
      this.all.push(question);
      this.last = Date.now();
    });
    page.on('requestfailed', (request) => {
      const question = byRequest.get(request);
      if (question) {
        question.isAborted = true;
      }
    });
    page.on('response', (response) => {
      if (response.url().includes('/api/v1') && response.status() >= 400) {
        this.refused.push(`${response.status()} ${response.url()}`);
      }
    });
  }

  /** What was asked until nothing more comes, and forgets it. */
  async during(act: () => Promise<unknown>): Promise<Question[]> {
    this.all = [];
    await act();
    const giveUp = Date.now() + PATIENCE;
    this.last = Date.now();
    while (Date.now() - this.last < QUIET && Date.now() < giveUp) {
      await this.page.waitForTimeout(100);
    }
    return this.all;
  }
}

/** How often each path was asked. */
export function counts(questions: readonly Question[]): Record<string, number> {
  const byPath: Record<string, number> = {};
  for (const { path } of questions) {
    byPath[path] = (byPath[path] ?? 0) + 1;
  }
  return byPath;
}

/** Questions that were asked more than once. */
export function askedTwice(questions: readonly Question[]): string[] {
  const seen = new Set<string>();
  return questions.flatMap(({ path, what }) => {
    const one = `${path} ${what}`;
    const isSecond = seen.has(one);
    seen.add(one);
    return isSecond ? [one] : [];
  });
}
