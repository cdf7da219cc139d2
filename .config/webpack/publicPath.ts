import amdModule from 'amd-module';

declare let __webpack_public_path__: string;

// Chunks lie beside module.js, wherever Grafana serves it: under its own path, a sub path or a CDN.
if (amdModule.uri) {
  __webpack_public_path__ = amdModule.uri.slice(0, amdModule.uri.lastIndexOf('/') + 1);
}
