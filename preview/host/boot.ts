import 'systemjs/dist/system.js';
import 'systemjs/dist/extras/amd.js';

// Libraries inside this page must not take SystemJS's `define` for a loader of theirs; bundles of plugins call it unasked.
delete (window as unknown as { define: { amd?: object } }).define.amd;

/** The AMD loader, and the settings that Grafana's packages read from the window, come before all of them. */
const theme =
  new URLSearchParams(window.location.search).get('theme') ?? localStorage.getItem('preview.theme') ?? 'dark';
localStorage.setItem('preview.theme', theme);

const user = new URLSearchParams(window.location.search).get('user') ?? 'admin';
const role = new URLSearchParams(window.location.search).get('role') ?? 'Admin';
/** The permissions of Grafana's that a plugin may ask for here; a viewer has none of them. */
const permissions =
  role === 'Viewer'
    ? []
    : ['alert.rules:create', 'dashboards:create', 'datasources:create', 'datasources:read', 'datasources:write'];

const dateFormats = {
  fullDate: 'YYYY-MM-DD HH:mm:ss',
  useBrowserLocale: false,
  interval: {
    millisecond: 'HH:mm:ss.SSS',
    second: 'HH:mm:ss',
    minute: 'HH:mm',
    hour: 'MM-DD HH:mm',
    day: 'MM-DD',
    month: 'YYYY-MM',
    year: 'YYYY',
  },
};

Object.assign(window, {
  grafanaBootData: {
    settings: {
      featureToggles: {},
      unifiedAlertingEnabled: true,
      buildInfo: { version: '13.2.2', commit: 'preview', env: 'production', edition: 'Open Source' },
      appSubUrl: '',
      appUrl: `${window.location.origin}/`,
      dateFormats,
      theme2: undefined,
    },
    user: {
      theme,
      timezone: 'browser',
      weekStart: 'monday',
      orgRole: role,
      login: user,
      isSignedIn: true,
      lightTheme: theme === 'light',
      locale: 'en-US',
      permissions: Object.fromEntries(permissions.map((name) => [name, true])),
    },
    navTree: [],
  },
  __grafana_public_path__: '/public/',
});

export const isLight = theme === 'light';
