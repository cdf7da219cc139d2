import { afterEach, describe, expect, it } from 'vitest';
import { parseDuration } from './parseDuration';
import { parseOptions } from './parseOptions';

const parse = (...args: string[]) =>
  parseOptions('serve', args, ['port', 'data'], { flags: ['finish'], environment: { port: 'TEST_STORE_PORT' } });

describe('parseOptions', () => {
  afterEach(() => {
    delete process.env.TEST_STORE_PORT;
  });

  it('takes --name value, --name=value, flags and positionals', () => {
    const { values, flags, positionals } = parse('a', '--port', '1', '--data=x y', '--finish', 'b');
    expect([values, [...flags], positionals]).toEqual([{ port: '1', data: 'x y' }, ['finish'], ['a', 'b']]);
  });

  it('takes what is not given from the environment', () => {
    process.env.TEST_STORE_PORT = '7';
    expect(parse().values.port).toBe('7');
    expect(parse('--port', '8').values.port).toBe('8');
  });

  it('names the option that it does not know, and those that it does', () => {
    expect(() => parse('--prot', '1')).toThrow(
      '--prot is not an option of this command; it knows --port, --data, --finish.',
    );
    expect(() => parse('-x')).toThrow('-x is not an option');
    expect(() => parse('--port')).toThrow('--port');
  });
});

describe('parseDuration', () => {
  it('takes seconds to days', () => {
    expect(['90s', '10m', '12h', '30d'].map((text) => parseDuration('retain', text))).toEqual([
      90_000, 600_000, 43_200_000, 2_592_000_000,
    ]);
  });

  it.each(['5', '0d', '-1d', '1.5h', '5x', ''])('refuses %j', (text) => {
    expect(() => parseDuration('retain', text)).toThrow('write a duration such as');
  });
});
