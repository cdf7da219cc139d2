import { css } from '@emotion/css';
import { createTheme, type GrafanaTheme2, ThemeContext } from '@grafana/data';
import { LocationServiceProvider, locationService } from '@grafana/runtime';
import { UrlSyncContextProvider } from '@grafana/scenes';
import { GlobalStyles, ModalRoot, ModalsProvider, PortalContainer, useStyles2 } from '@grafana/ui';
import { useEffect, useLayoutEffect, useMemo, useState } from 'react';
import { Router } from 'react-router-dom';
import { AppRootPage } from './AppRootPage';
import { setActiveScene } from './activeScene';
import { isLight } from './boot';
import { ConfigPage } from './ConfigPage';
import { DashboardLinks } from './DashboardLinks';
import { type DashboardJson, dashboardScene } from './dashboard';
import { EditPage } from './EditPage';
import { ExplorePage } from './ExplorePage';
import { Toasts } from './Toasts';
import { VariablesPage } from './VariablesPage';

const theme = createTheme({ colors: { mode: isLight ? 'light' : 'dark' } });

export function App({ loadDashboards }: { loadDashboards(): Promise<DashboardJson[]> }) {
  const history = locationService.getHistory();
  const [location, setLocation] = useState(history.location);
  useLayoutEffect(() => history.listen((next: typeof history.location) => setLocation(next)), [history]);
  const [dashboards, setDashboards] = useState<DashboardJson[]>();
  const { pathname } = location;
  // On the app's page dashboards are imported; elsewhere their list stays as it is.
  const area = pathname.startsWith('/a/') ? pathname : '';
  useEffect(() => void loadDashboards().then(setDashboards), [area]);
  useEffect(() => {
    document.addEventListener('click', followInPlace);
    return () => document.removeEventListener('click', followInPlace);
  }, []);
  return (
    <ThemeContext.Provider value={theme}>
      <LocationServiceProvider service={locationService}>
        <Router location={location} navigator={history as never}>
          <ModalsProvider>
            <GlobalStyles />
            {dashboards && <Shell path={pathname} dashboards={dashboards} />}
            <Toasts />
            <ModalRoot />
            <PortalContainer />
          </ModalsProvider>
        </Router>
      </LocationServiceProvider>
    </ThemeContext.Provider>
  );
}

/**
 * A click on a link goes to another page without loading it anew, as in Grafana: there every link of the page is taken for
 * one to a page of Grafana's, unless it has a target, what is meant as a download too.
 */
function followInPlace(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  const isPlain = event.button === 0 && !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (!link || !isPlain || link.target || 'reload' in link.dataset) {
    return;
  }
  event.preventDefault();
  if (link.origin === window.location.origin && link.protocol !== 'blob:') {
    locationService.push(link.pathname + link.search);
  } else {
    window.location.href = link.href;
  }
}

function Shell({ path, dashboards }: { path: string; dashboards: DashboardJson[] }) {
  const styles = useStyles2(getStyles);
  const [, kind, uid = '', panel = ''] = path.split('/');
  const dashboard = dashboards.find((one) => one.uid === uid);
  const other = new URLSearchParams({ theme: isLight ? 'dark' : 'light' });
  return (
    <div className={styles.shell}>
      <header className={styles.header}>
        <a href="/">Rolloscope preview</a>
        {kind === 'd' && <span>/ {dashboard?.title ?? uid}</span>}
        <span className={styles.spacer} />
        <a href="/a/rolloscope-runs-app">App</a>
        <a href="/explore/rolloscope">Explore</a>
        <a href="/config/rolloscope">Data source</a>
        <a href={`${path}?${other}`} data-reload>
          {isLight ? 'Dark' : 'Light'} theme
        </a>
      </header>
      {kind === 'd' &&
        (dashboard ? <Dashboard key={uid} json={dashboard} all={dashboards} /> : <p>There is no dashboard {uid}.</p>)}
      {kind === 'a' && <AppRootPage key={uid} id={uid} />}
      {kind === 'config' && <ConfigPage uid={uid} />}
      {kind === 'explore' && <ExplorePage key={uid} uid={uid || 'rolloscope'} />}
      {kind === 'edit' && dashboard && <EditPage key={path} dashboard={dashboard} panelId={Number(panel)} />}
      {kind === 'variables' && dashboard && <VariablesPage key={path} dashboard={dashboard} />}
      {kind === '' && <Home dashboards={dashboards} />}
    </div>
  );
}

function Home({ dashboards }: { dashboards: DashboardJson[] }) {
  return (
    <main style={{ padding: 16, maxWidth: 700 }}>
      <h1>Dashboards</h1>
      <ul style={{ listStyle: 'none' }}>
        {dashboards.map(({ uid, title, description }) => (
          <li key={uid}>
            <a href={`/d/${uid}`} style={{ textDecoration: 'underline' }}>
              {title}
            </a>
            <p>{description}</p>
          </li>
        ))}
      </ul>
      <p>The preview shows the built plugin without a Grafana server. It is for development.</p>
    </main>
  );
}

function Dashboard({ json, all }: { json: DashboardJson; all: DashboardJson[] }) {
  const styles = useStyles2(getStyles);
  const scene = useMemo(() => {
    const created = dashboardScene(json);
    setActiveScene(created);
    return created;
  }, [json]);
  const [ready, setReady] = useState(false);
  useEffect(() => {
    setReady(true);
    return () => setActiveScene(undefined);
  }, []);
  return ready ? (
    <main className={styles.dashboard}>
      <nav className={styles.links} aria-label="Dashboard links">
        <DashboardLinks dashboard={json} all={all} />
      </nav>
      <UrlSyncContextProvider scene={scene} updateUrlOnInit={false} createBrowserHistorySteps={true}>
        <scene.Component model={scene} />
      </UrlSyncContextProvider>
    </main>
  ) : null;
}

const getStyles = ({ colors, spacing, typography }: GrafanaTheme2) => ({
  shell: css({
    minHeight: '100vh',
    background: colors.background.canvas,
    color: colors.text.primary,
    display: 'flex',
    flexDirection: 'column',
  }),
  header: css({
    display: 'flex',
    flexWrap: 'wrap',
    gap: spacing(0, 2),
    alignItems: 'center',
    padding: spacing(1, 2),
    background: colors.background.primary,
    borderBottom: `1px solid ${colors.border.weak}`,
    fontSize: typography.body.fontSize,
  }),
  spacer: css({ flexGrow: 1 }),
  dashboard: css({ position: 'relative', flexGrow: 1, display: 'flex', flexDirection: 'column', padding: spacing(2) }),
  links: css({
    display: 'flex',
    gap: spacing(1),
    justifyContent: 'flex-end',
    marginBottom: spacing(1),
    '&:empty': { display: 'none' },
  }),
});
