// Rules that catch defects; how code looks is left to those who write it.

import js from '@eslint/js';

const BROWSER = [
  'AbortController', 'AbortSignal', 'Blob', 'BroadcastChannel', 'CSS', 'CSSStyleSheet', 'CompressionStream',
  'CustomEvent',
  'DecompressionStream', 'DOMException', 'Event', 'EventTarget', 'File', 'FileReader', 'HTMLElement',
  'ImageData', 'IntersectionObserver', 'KeyboardEvent', 'MessageChannel', 'MutationObserver', 'OffscreenCanvas',
  'Path2D', 'ResizeObserver', 'Response', 'Request', 'TextDecoder', 'TextEncoder',
  'TransformStream', 'ReadableStream', 'URL', 'URLSearchParams', 'WebAssembly', 'Worker', 'atob',
  'btoa', 'cancelAnimationFrame', 'cancelIdleCallback', 'clearInterval', 'clearTimeout', 'console',
  'crypto', 'customElements', 'devicePixelRatio', 'document', 'fetch', 'getComputedStyle', 'history',
  'indexedDB', 'innerHeight', 'innerWidth', 'localStorage', 'location', 'matchMedia', 'navigator',
  'performance', 'queueMicrotask', 'requestAnimationFrame', 'requestIdleCallback', 'scrollTo', 'self',
  'sessionStorage', 'setInterval', 'setTimeout', 'structuredClone', 'window',
];
const WORKER = ['MessageChannel', 'caches', 'crypto', 'postMessage', 'self', 'clients'];
const NODE = ['Buffer', 'DOMException', 'console', 'process', 'URL', 'URLSearchParams', 'Response', 'Blob', 'File', 'performance',
  'AbortController', 'AbortSignal', 'TextDecoder', 'TextEncoder', 'fetch', 'setTimeout', 'clearTimeout',
  'setInterval', 'clearInterval', 'structuredClone', 'CompressionStream', 'DecompressionStream',
  'ReadableStream', 'MessageChannel', 'EventTarget', 'Event', 'queueMicrotask'];

/** @param {string[]} names */
const globals = (names) => Object.fromEntries(names.map((name) => [name, 'readonly']));

export default [
  { ignores: ['dist/', 'target/', 'www/js/run/schema.js'] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2023, sourceType: 'module' },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'array-callback-return': 'error',
      'eqeqeq': ['error', 'always'],
      'no-await-in-loop': 'off',
      'no-constructor-return': 'error',
      'no-duplicate-imports': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-promise-executor-return': 'off',
      'no-self-compare': 'error',
      'no-shadow-restricted-names': 'error',
      'no-template-curly-in-string': 'error',
      'no-throw-literal': 'error',
      'no-unmodified-loop-condition': 'error',
      'no-unreachable-loop': 'error',
      'no-unused-expressions': 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-var': 'error',
      'prefer-const': ['error', { destructuring: 'all' }],
      'require-atomic-updates': 'off',
    },
  },
  { files: ['www/**/*.js'], languageOptions: { globals: globals([...BROWSER, ...WORKER]) } },
  { files: ['tests/**/*.js', 'bench/**/*.js', 'packages/**/*.js', '*.js'], languageOptions: { globals: globals(NODE) } },
];
