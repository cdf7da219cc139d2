import './boot';
import { version } from 'react';
import { createRoot } from 'react-dom/client';

/** Everything of Grafana's is imported after `boot` has put the window in order. */
async function start(): Promise<void> {
  const { installServices } = await import('./services');
  const { loadDataSources } = await import('./dataSources');
  const { App } = await import('./App');
  installServices();
  await loadDataSources();
  // A test reads here under which base it ran.
  document.documentElement.dataset.react = version;
  const root = document.getElementById('root');
  if (root) {
    createRoot(root).render(<App loadDashboards={loadDashboards} />);
  }
}

const loadDashboards = async () => (await fetch('/preview/dashboards')).json();

void start();
