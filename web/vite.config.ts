/// <reference types="vitest/config" />
import { defineConfig } from 'vite';

const router = process.env.LIVETIMING_ROUTER_HTTP ?? 'http://127.0.0.1:8080';
const proxy = { '/ws': { target: router, ws: true } };

export default defineConfig({
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../livetiming/webclient',
    emptyOutDir: true,
    target: 'baseline-widely-available',
    modulePreload: { polyfill: false },
  },
  server: { host: '127.0.0.1', strictPort: true, proxy },
  preview: { host: '127.0.0.1', strictPort: true, proxy },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
});
