import type { TestDataSourceResponse } from '@grafana/data';
import { API_VERSION } from '@rolloscope/contract/names';
import type { Health, ProjectsAnswer } from '@rolloscope/contract/types';
import { toFailure } from './http/failure';
import type { StoreClient } from './http/StoreClient';

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

/** Is it a run store, does it speak our version, and does the token let us read? */
export async function checkHealth(client: StoreClient): Promise<TestDataSourceResponse> {
  try {
    const health = await client.get<Health>('/health', { has: 'apiVersion' });
    if (health.apiVersion !== API_VERSION) {
      const versions = `version ${health.apiVersion} of the API, this plugin version ${API_VERSION}`;
      return { status: 'error', message: `The store speaks ${versions}. Update the older of the two.` };
    }
    const { projects } = await client.get<ProjectsAnswer>('/projects', { has: 'projects' });
    const runs = projects.reduce((sum, project) => sum + project.runs, 0);
    const found = `${plural(projects.length, 'project')}, ${plural(runs, 'run')}`;
    const warning =
      health.status === 'degraded' ? ` The store is degraded: ${health.storage?.message ?? 'see its log'}` : '';
    return { status: 'success', message: `Connected to run store ${health.version}: ${found}.${warning}` };
  } catch (error) {
    return { status: 'error', message: toFailure(error).message };
  }
}
