import { createTheme } from '@mantine/core';

/** Our look on Mantine. Shades are chosen so that text holds 4.5:1 in both schemes; axe checks it on every page. */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 8 },
  defaultRadius: 'md',
  fontFamily: 'Inter, "DejaVu Sans", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: '"DejaVu Sans Mono", ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: { fontWeight: '700', sizes: { h1: { fontSize: '1.4rem' }, h2: { fontSize: '1.1rem' }, h3: { fontSize: '0.95rem' } } },
  focusRing: 'auto',
  cursorType: 'pointer',
});
