// The storefront's worker: without a connection it shows the offline page. Goods, prices and carts are never kept.
const CACHE = 'galleria-/* mark */';
const NEEDED = [/* needed */];
const CONSOLES = /^\/(merchant|operator|platform|api)\//;

self.addEventListener('install', e => {
  self.skipWaiting();
  e.waitUntil(caches.open(CACHE).then(cache => cache.addAll(NEEDED.map(url => new Request(url, { credentials: 'omit' })))));
});
self.addEventListener('activate', e => {
  e.waitUntil(caches.keys().then(names => Promise.all(names.filter(name => name !== CACHE).map(name => caches.delete(name)))));
});
self.addEventListener('fetch', e => {
  const { request } = e;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin || CONSOLES.test(url.pathname)) return;
  if (request.mode === 'navigate') e.respondWith(fetch(request).catch(() => caches.match('/offline')));
  else if (NEEDED.includes(url.pathname + url.search)) e.respondWith(caches.match(request).then(kept => kept ?? fetch(request)));
});
