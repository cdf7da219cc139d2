import './boot';
import { createRoot } from 'react-dom/client';

/** Everything of Grafana's is imported after `boot` has put the window in order. */
async function start(): Promise<void> {
  const { installServices } = await import('./services');
  const { loadDataSources } = await import('./dataSources');
  const { App } = await import('./App');
  installServices();
  const [dashboards] = await Promise.all([
    fetch('/preview/dashboards').then((answer) => answer.json()),
    loadDataSources(),
  ]);
  const root = document.getElementById('root');
  if (root) {
    createRoot(root).render(<App dashboards={dashboards} />);
  }
}

void start();
