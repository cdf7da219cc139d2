import { describe, expect, it } from 'vitest';
import { readAddress, trainerAddress } from './trainerAddress';

describe('readAddress', () => {
  it.each([
    ['http://store:8900', 'http://store:8900'],
    [' https://runs.example.com/ ', 'https://runs.example.com'],
    ['http://gate/stores/a/api/v1/', 'http://gate/stores/a'],
    ['http://[::1]:8900/?x#y', 'http://[::1]:8900'],
    ['http://user:secret@store:8900', 'http://store:8900'],
  ])('%j is %s', (text, address) => {
    expect(readAddress(text)).toBe(address);
  });

  it.each(['', 'store:8900', 'http://', 'ftp://store', 'javascript:alert(1)', 'http://a b'])('%j is none', (text) => {
    expect(readAddress(text)).toBeUndefined();
  });
});

describe('trainerAddress', () => {
  it('prefers what somebody wrote for trainers', () => {
    const { url } = trainerAddress({ given: 'https://runs.example.com', proxied: 'http://127.0.0.1:8900' });
    expect(url).toBe('https://runs.example.com');
  });

  it.each(['http://127.0.0.1:8900', 'http://localhost:8900/', 'http://[::1]:8900'])(
    "%s is said to be of Grafana's own machine",
    (proxied) => {
      expect(trainerAddress({ proxied }).note).toMatch(/on the machine that both run on/);
    },
  );

  it("says whose address it is where it is only Grafana's", () => {
    expect(trainerAddress({ given: 'nonsense', proxied: 'http://store:8900' })).toEqual({
      url: 'http://store:8900',
      note: expect.stringMatching(/^Grafana's server reaches the store here/),
    });
  });

  it('says so where nothing is known', () => {
    expect(trainerAddress({})).toEqual({
      url: 'http://localhost:8900',
      note: expect.stringMatching(/does not tell you/),
    });
  });
});
