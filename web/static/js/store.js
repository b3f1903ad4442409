// The storefront alone: what this browser remembers, the search box's keys, pictures at full size, the app's worker.
const find = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const read = name => {
  try { return JSON.parse(localStorage.getItem(name)) ?? []; } catch { return []; }
};
const write = (name, list) => {
  try { localStorage.setItem(name, JSON.stringify(list)); } catch { /* private windows keep nothing */ }
};
const first = (name, value, most) => write(name, [value, ...read(name).filter(each => each !== value)].slice(0, most));

// Recently viewed: noted here, drawn by the server when one scrolls near.
function recent() {
  const seen = find('[data-seen]')?.dataset.seen;
  const place = find('[data-recent]');
  const ids = read('seen').filter(id => id !== seen);
  if (seen) first('seen', seen, 12);
  if (!place || !ids.length) return;
  new IntersectionObserver((entries, observer) => {
    if (!entries.some(entry => entry.isIntersecting)) return;
    observer.disconnect();
    window.htmx?.ajax('GET', `/recent?ids=${ids.slice(0, 8).join(',')}`, { target: place, swap: 'innerHTML' });
  }, { rootMargin: '400px' }).observe(place);
}
addEventListener('load', recent);
document.addEventListener('click', e => {
  if (!e.target.closest('[data-forget]')) return;
  write('seen', []);
  find('[data-recent]')?.replaceChildren();
});

// Search: the last words when the box is empty, arrows between the box and what is suggested.
const box = find('#q');
const list = find('#suggestions');
const words = () => {
  if (box.value || !read('words').length) return;
  const items = document.createElement('ul');
  items.setAttribute('role', 'list');
  for (const word of read('words')) {
    const link = document.createElement('a');
    link.href = `${box.form.action}?q=${encodeURIComponent(word)}`;
    link.textContent = word;
    const item = document.createElement('li');
    item.append(link);
    items.append(item);
  }
  list.replaceChildren(items);
};
if (box && list) {
  box.form.addEventListener('submit', () => { if (box.value.trim()) first('words', box.value.trim().slice(0, 60), 6); });
  box.addEventListener('focus', words);
  box.addEventListener('input', words);
  list.addEventListener('htmx:afterSwap', words);
  box.form.addEventListener('keydown', e => {
    const links = all('a', list);
    const at = links.indexOf(document.activeElement);
    if (e.key === 'ArrowDown' && links.length) (links[at + 1] ?? links[0]).focus();
    else if (e.key === 'ArrowUp' && at >= 0) (links[at - 1] ?? box).focus();
    else if (e.key === 'Escape' && at >= 0) box.focus();
    else return;
    e.preventDefault();
  });
}

// Pictures: at full size in a dialog; arrows go on, Esc leads back.
const pictures = () => all('.gallery a.pic');
let shown = 0;
function show(place) {
  const zoom = find('#zoom');
  const links = pictures();
  shown = (place + links.length) % links.length;
  const picture = find('img', zoom);
  picture.src = links[shown].href;
  picture.alt = find('img', links[shown]).alt;
  find('[data-place]', zoom).textContent = `${shown + 1} / ${links.length}`;
  all('[data-turn]', zoom).forEach(button => { button.hidden = links.length < 2; });
  if (!zoom.open) zoom.showModal();
}
document.addEventListener('click', e => {
  const picture = e.target.closest('.gallery a.pic');
  if (picture && find('#zoom') && !e.ctrlKey && !e.metaKey && !e.shiftKey) {
    e.preventDefault();
    show(pictures().indexOf(picture));
  }
  const turn = e.target.closest('[data-turn]');
  if (turn) show(shown + Number(turn.dataset.turn));
});
document.addEventListener('keydown', e => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
  if (!step) return;
  if (find('#zoom')?.open) show(shown + step);
  else if (e.target.closest?.('.gallery')) {
    const links = pictures();
    const next = links[links.indexOf(document.activeElement) + step];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest', inline: 'start' });
    if (next) e.preventDefault();
  }
});

// The app: the worker shows a page of ours where the browser would show its own.
if ('serviceWorker' in navigator && isSecureContext)
  addEventListener('load', () => navigator.serviceWorker.register('/worker.js').catch(() => {}));
