/// <reference types="vitest/config" />
import { defineConfig, type Plugin } from 'vite';

const router = process.env.LIVETIMING_ROUTER_HTTP ?? 'http://127.0.0.1:8080';
const proxy = { '/ws': { target: router, ws: true } };

/** As strict as the router's own headers; a page that is served from elsewhere has it too. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** Not while developing: Vite's own scripts and styles are inline. */
const policy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY },
      injectTo: 'head-prepend',
    },
  ],
};

export default defineConfig({
  base: './',
  plugins: [policy],
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
