import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The gateway replaces the nonce in index.html for each answer; the CSP allows nothing without it.
// An older css target makes the minifier rewrite light-dark(), and the colours of differences vanish.
export default defineConfig({
  base: '/ui/',
  plugins: [react()],
  html: { cspNonce: '{{nonce}}' },
  build: {
    target: 'es2022',
    cssTarget: ['chrome125', 'firefox128', 'safari17.5'],
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
});
