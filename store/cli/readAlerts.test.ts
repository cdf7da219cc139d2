import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readAlerts } from './readAlerts';

const folder = mkdtempSync(join(tmpdir(), 'alerts-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, 'alerts.json');
const read = (text: string) => {
  writeFileSync(file, text);
  return readAlerts(file);
};

describe('a file of alert settings', () => {
  it('may leave out every field', () => {
    expect(read('{}')).toEqual({});
    const some = { minDelta: 0.05, watch: [{ metric: 'eval/*/pass', better: 'higher', share: true }] };
    expect(read(JSON.stringify(some))).toEqual(some);
  });

  it.each([
    ['{"minDelta": 0.05,\n}', /line 2|character|position/i],
    ['[]', /The settings/],
    ['{"minDelt": 0.05}', /minDelt/],
    ['{"minDelta": "0.05"}', /minDelta/],
    ['{"truncatedRatio": 25}', /truncatedRatio/],
    ['{"watch": [{"metric": "a", "better": "more"}]}', /watch\[0\]\.better/],
  ])('of %s is refused in a sentence that names the place', (text, place) => {
    expect(() => read(text)).toThrow(place);
    expect(() => read(text)).toThrow(/^The alerts file .*alerts\.json cannot be used: .+\.$/);
  });

  it('that is not there is refused by its name', () => {
    expect(() => readAlerts(join(folder, 'none.json'))).toThrow(/none\.json cannot be used: ENOENT/);
  });
});
