import type { TestDataSourceResponse } from '@grafana/data';
import { API_VERSION } from '@rolloscope/contract/names';
import { type StoreFailure, toFailure } from './http/failure';
import type { StoreClient } from './http/StoreClient';

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

/** Checks that it is a run store, that it speaks our version, and that the token lets us read. */
export async function checkHealth(client: StoreClient): Promise<TestDataSourceResponse> {
  try {
    const health = await client.ask('health', {});
    if (health.apiVersion !== API_VERSION) {
      const versions = `version ${health.apiVersion} of the API, this plugin version ${API_VERSION}`;
      return {
        status: 'error',
        message: `The store speaks ${versions}. Update ${health.apiVersion < API_VERSION ? 'the store' : 'the plugin'}, which is the older of the two.`,
      };
    }
    const { projects } = await client.ask('projects', {});
    const runs = projects.reduce((sum, project) => sum + project.runs, 0);
    const found = `${plural(projects.length, 'project')}, ${plural(runs, 'run')}`;
    const warning =
      health.status === 'degraded' ? ` The store is degraded: ${health.storage?.message ?? 'see its log'}` : '';
    return { status: 'success', message: `Connected to run store ${health.version}: ${found}.${warning}` };
  } catch (error) {
    return { status: 'error', message: advised(toFailure(error)) };
  }
}

/** Says what is wrong with the settings, as far as a failure tells. */
function advised({ message, status, code }: StoreFailure): string {
  const [, path] = /^No such path: (.*)\/api\/v1\/health/.exec(message) ?? [];
  if (code === 'route_not_found' && path) {
    return `There is a run store, but not under ${path}: take ${path} off the data source's URL.`;
  }
  if (code === 'not_allowed') {
    return `${message} Set a token with the scope read in the field below.`;
  }
  return status === 502
    ? `${message} A store by itself speaks http, not https; to Grafana's server, localhost is its own machine.`
    : message;
}
