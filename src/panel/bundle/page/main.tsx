import React, { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { THEMES, ThemeContext } from '../standIn/theme';
import { BundlePage } from './BundlePage';
import { paintGround } from './paintGround';
import { bundleOf } from './readBundle';

const dark = window.matchMedia('(prefers-color-scheme: dark)');

/** Dark or light as the system is, also when that changes. */
function App() {
  const [isDark, setDark] = useState(dark.matches);
  useEffect(() => {
    const onChange = () => setDark(dark.matches);
    dark.addEventListener('change', onChange);
    return () => dark.removeEventListener('change', onChange);
  }, []);
  const theme = isDark ? THEMES.dark : THEMES.light;
  useEffect(() => paintGround(theme), [theme]);
  return (
    <ThemeContext.Provider value={theme}>
      <BundlePage bundle={bundle} />
    </ThemeContext.Provider>
  );
}

const bundle = bundleOf(document);
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(<App />);
}
