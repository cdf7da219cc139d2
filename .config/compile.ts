import { type Configuration, rspack, type StatsModule } from '@rspack/core';

/** Every module, those too that were joined into one: by default some are left out of the list. */
const WHOLE = {
  all: false,
  modules: true,
  nestedModules: true,
  modulesSpace: Number.POSITIVE_INFINITY,
  nestedModulesSpace: Number.POSITIVE_INFINITY,
};

/** Runs one compilation; resolves with the paths of all modules in it, rejects with the compiler's own messages. */
export function compile(config: Configuration): Promise<string[]> {
  return new Promise((resolve, reject) => {
    rspack(config, (error, stats) => {
      if (error || stats?.hasErrors()) {
        reject(error ?? new Error(stats?.toString({ preset: 'errors-only', colors: false })));
      } else {
        const { modules = [] } = stats?.toJson(WHOLE) ?? {};
        resolve(pathsOf(modules));
      }
    });
  });
}

/** Of modules, and of those that were joined into one. */
function pathsOf(modules: readonly StatsModule[]): string[] {
  return modules.flatMap(({ nameForCondition, modules: joined = [] }) => [
    ...(nameForCondition ? [nameForCondition] : []),
    ...pathsOf(joined),
  ]);
}
