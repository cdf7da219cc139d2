import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Where lines leave the store: what they quote is disarmed there, and holds no secret. */
const WRITERS = ['store/cli/say.ts', 'store/http/Log.ts'];

it('nothing in the store writes to the terminal past the places that disarm it', () => {
  const files = readdirSync(join(root, 'store'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.test)\.ts$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !/\/(node_modules|dist|testing)\//.test(file));
  const writes = files.filter((file) =>
    /\bconsole\.|\b(stdout|stderr)\s*\.\s*write\b|process\.emitWarning|writeSync\((1|2)\b/.test(
      readFileSync(join(root, file), 'utf8'),
    ),
  );
  expect(writes.sort()).toEqual(WRITERS);
});
