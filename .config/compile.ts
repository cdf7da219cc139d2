import { type Configuration, rspack } from '@rspack/core';

/** Runs one compilation; rejects with the compiler's own messages. */
export function compile(config: Configuration): Promise<void> {
  return new Promise((resolve, reject) => {
    rspack(config, (error, stats) => {
      if (error || stats?.hasErrors()) {
        reject(error ?? new Error(stats?.toString({ preset: 'errors-only', colors: false })));
      } else {
        resolve();
      }
    });
  });
}
