import { readFileSync } from 'node:fs';
import { ERRORS, LIMITS } from '@rolloscope/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OurStore, startOurs } from './startOurs';

const page = readFileSync(new URL('../../docs/store-api.md', import.meta.url), 'utf8');

/** A command on the page, and the answer that is printed below it. */
interface Example {
  command: string;
  kind: string;
  answer: string;
}
const examples: Example[] = [...page.matchAll(/```sh\n(curl .*?)\n```\n```(\w+)\n(.*?)```/gs)].map(
  ([, command = '', kind = '', answer = '']) => ({ command, kind, answer }),
);

/** What is printed must be there; `…` stands for anything, and answers may have more fields than a page shows. */
function shown(printed: unknown): unknown {
  if (printed === '…') {
    return expect.anything();
  }
  if (typeof printed === 'number' && !Number.isInteger(printed)) {
    return expect.closeTo(printed, 12);
  }
  if (Array.isArray(printed)) {
    return printed.map(shown);
  }
  return typeof printed === 'object' && printed !== null
    ? expect.objectContaining(Object.fromEntries(Object.entries(printed).map(([name, value]) => [name, shown(value)])))
    : printed;
}

/** Runs a `curl` line of the page: `-X`, `-H`, `-d` and a URL are all that it uses. */
function curl(command: string, variables: Record<string, string>): Promise<Response> {
  const words = [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );
  const after = (option: string) => words[words.indexOf(option) + 1];
  const has = (option: string) => words.includes(option);
  const url = (words.find((word) => word.startsWith('$STORE')) ?? '').replace(
    /\$(\w+)/g,
    (_, name) => variables[name] ?? '',
  );
  const [name = '', value = ''] = has('-H') ? (after('-H') ?? '').split(': ') : [];
  return fetch(url, {
    method: has('-X') ? (after('-X') ?? '') : has('-d') ? 'POST' : 'GET',
    ...(name && { headers: { [name]: value } }),
    ...(has('-d') && { body: after('-d') ?? '' }),
  });
}

describe('docs/store-api.md', () => {
  let ours: OurStore;
  const variables: Record<string, string> = {};
  beforeAll(async () => {
    ours = await startOurs();
    variables.STORE = `${ours.url}/api/v1`;
  });
  afterAll(() => ours.stop());

  it('has an example of every call', () => {
    expect(examples.length).toBeGreaterThanOrEqual(20);
    expect(page.match(/```sh/g)?.length).toBe(examples.length);
  });

  it.each(examples.map((example) => [example.command.split('\n')[0], example] as const))('%s', async (_, example) => {
    const response = await curl(example.command, variables);
    const text = await response.text();
    if (example.kind === 'csv') {
      expect(text.replaceAll('\r\n', '\n')).toBe(example.answer);
      return;
    }
    const answer = JSON.parse(text) as { rowIds?: string[]; path?: string };
    expect(answer).toEqual(shown(JSON.parse(example.answer)));
    variables.ROW_ID = answer.rowIds?.[0] ?? variables.ROW_ID ?? '';
    variables.EXPORT_PATH = answer.path ?? variables.EXPORT_PATH ?? '';
  });

  it('lists every error with its status', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \| (\d+) \| (.+) \|$/gm)].map(([, code, status, meaning]) => [
      code,
      { status: Number(status), meaning },
    ]);
    expect(Object.fromEntries(rows)).toEqual(ERRORS);
  });

  it('lists the limits as they are', () => {
    const { bodyBytes, queryBytes, runBytes, cellBytes, memoryOfAllRuns, ...others } = LIMITS;
    const { mediaBytes, mediaBytesOfRun, mediaBytesOfAllRuns, ...counts } = others;
    const all = [bodyBytes, queryBytes, runBytes, cellBytes, memoryOfAllRuns];
    const sizes = [...all, mediaBytes, mediaBytesOfRun, mediaBytesOfAllRuns].map((bytes) => `${bytes / 2 ** 20} MB`);
    const column = [...page.matchAll(/^\| [a-z ,`]+ \| [\d, MB]*\| ([\d,]+(?: MB)?) \|$/gm)].map(
      (match) => match[1] ?? '',
    );
    for (const limit of [...sizes, ...Object.values(counts).map((value) => value.toLocaleString('en-US'))]) {
      expect(column).toContain(limit);
    }
  });
});
