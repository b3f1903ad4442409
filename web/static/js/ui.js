// What HTML cannot do alone. One delegated listener for each event; no state outside the document.
const root = document.documentElement;
const body = document.body;
const find = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const on = (event, selector, act) =>
  document.addEventListener(event, e => {
    const target = e.target.closest?.(selector);
    if (target) act(e, target);
  });
const keep = (name, value) => {
  document.cookie = `${name}=${value};path=/;max-age=31536000;samesite=lax`;
};

// What a person chooses is kept by the server too, where the page says where.
const wish = (place, value) => place && fetch(place, {
  method: 'POST', headers: { 'X-CSRFToken': find('meta[name=csrf]').content }, body: new URLSearchParams({ value }),
});

// Theme: an attribute drawn from a cookie by the server, so nothing flashes.
on('click', '[data-theme-toggle]', (e, button) => {
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  root.dataset.theme = (root.dataset.theme || system) === 'dark' ? 'light' : 'dark';
  keep('theme', root.dataset.theme);
  wish(button.dataset.keep, root.dataset.theme);
  document.dispatchEvent(new CustomEvent('theme', { detail: root.dataset.theme }));
});

// Dialogs: native, opened by name, closed by button, backdrop or Esc.
const open = dialog => {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.dispatchEvent(new Event('opened'));
};
on('click', '[data-open]', (e, button) => open(document.getElementById(button.dataset.open)));
on('click', '[data-close]', (e, button) => button.closest('dialog')?.close());
on('click', 'dialog', (e, dialog) => { if (e.target === dialog) dialog.close(); });

// Toasts: what happened, and at most one thing to do about it.
export function toast(text, { action, run, ms = 6000 } = {}) {
  const note = document.createElement('div');
  note.className = 'toast';
  note.append(text);
  if (action) {
    const button = document.createElement('button');
    button.textContent = action;
    button.onclick = () => { run?.(); note.remove(); };
    note.append(button);
  }
  find('.toasts').append(note);
  setTimeout(() => note.remove(), action ? 10000 : ms);
}
all('.toasts > .toast').forEach(note => setTimeout(() => note.remove(), find('form', note) ? 15000 : 8000));
on('click', '[data-toast]', (e, button) => toast(button.dataset.toast, { action: button.dataset.undo }));

// HX-Trigger: {"toast": "Saved"} or {"toast": {"text": "3 archived", "action": "Undo", "href": "/…"}}
document.addEventListener('toast', e => {
  const { text, action, href, link } = e.detail.text ? e.detail : { text: e.detail.value ?? e.detail };
  const run = link ? () => { location.href = link; } : href && window.htmx ? () => window.htmx.ajax('POST', href, { swap: 'none' }) : undefined;
  toast(text, { action: run && action, run });
});
document.addEventListener('cart-count', e => {
  const count = find('#cart-count');
  if (!count) return;
  count.textContent = e.detail.value ?? e.detail;
  count.hidden = !Number(count.textContent);
});

// Copying, toggles that show at once, buttons that are off for a reason.
on('click', '[data-copy]', async (e, button) => {
  await navigator.clipboard?.writeText(button.dataset.copy);
  toast(body.dataset.copied);
});
on('click', '[data-print]', () => window.print());
on('click', '[data-toggle]', (e, button) =>
  button.setAttribute('aria-pressed', button.getAttribute('aria-pressed') !== 'true'));
on('click', '[data-disabled]', (e, button) => { e.preventDefault(); toast(button.title); });

// Quantities: the stepper of a form, and a cart's number typed by hand.
all('[data-qty] [data-step]').forEach(button => { button.hidden = false; });
on('click', '[data-step]', (e, button) => {
  const input = find('input', button.parentElement);
  Number(button.dataset.step) > 0 ? input.stepUp() : input.stepDown();
  all('[data-step]', button.parentElement).forEach(one => {
    one.disabled = input.value === (Number(one.dataset.step) > 0 ? input.max : input.min);
  });
  input.dispatchEvent(new Event('change', { bubbles: true }));
});
on('change', '[data-live]', (e, input) => input.form?.requestSubmit(document.getElementById(input.dataset.live)));

// Lists in an order that counts: dragged here, moved by buttons where there is no mouse or no script.
all('[data-sortable] > [data-place]').forEach(item => { item.draggable = true; });
let dragged = null;
on('dragstart', '[data-sortable] > [data-place]', (e, item) => {
  dragged = item;
  item.classList.add('dragged');
  e.dataTransfer.effectAllowed = 'move';
});
on('dragover', '[data-sortable] > [data-place]', (e, item) => {
  if (!dragged || item.parentElement !== dragged.parentElement) return;
  e.preventDefault();
  const box = item.getBoundingClientRect();
  if (item !== dragged) item[e.clientY > box.top + box.height / 2 ? 'after' : 'before'](dragged);
});
on('drop', '[data-sortable]', e => e.preventDefault());
on('dragend', '[data-sortable] > [data-place]', (e, item) => {
  const list = item.parentElement;
  const form = document.getElementById(list.dataset.sortable);
  const places = [...list.children].map(one => one.dataset.place);
  item.classList.remove('dragged');
  dragged = null;
  if (places.every((place, n) => Number(place) === n)) return;
  form.elements.order.value = places.join(',');
  form.requestSubmit();
});

// Files
on('change', '[data-drop] input', (e, input) => {
  const names = [...input.files].map(file => file.name).join(', ');
  if (names) find('[data-drop-text]', input.parentElement).textContent = names;
});
for (const [event, over] of [['dragover', true], ['dragleave', false], ['drop', false]])
  on(event, '[data-drop]', (e, area) => area.classList.toggle('over', over));

// Forms: busy buttons, questions before what cannot be undone, fields that depend on others.
on('submit', 'form', (e, form) => {
  if (form.dataset.confirm && !confirm(form.dataset.confirm)) return e.preventDefault();
  // What was sent is not sent again before its answer, however often one clicks or presses a key.
  if ('sent' in form.dataset || e.submitter?.ariaBusy === 'true') return e.preventDefault();
  if ('once' in form.dataset && !e.submitter?.hasAttribute('formaction')) form.dataset.sent = '';
  leaving = true;
  if (e.submitter && !form.hasAttribute('hx-post') && !form.hasAttribute('hx-get') && form.getAttribute('method') !== 'dialog')
    setTimeout(() => { if (!e.defaultPrevented) e.submitter.setAttribute('aria-busy', 'true'); });
});
addEventListener('pageshow', () => {
  leaving = false;
  all('form[data-sent]').forEach(form => { delete form.dataset.sent; });
  all('[aria-busy=true]').forEach(button => button.removeAttribute('aria-busy'));
});
let leaving = false;
const dependents = () => all('[data-show-if]').forEach(part => {
  const [name, wanted] = part.dataset.showIf.split('=');
  const controls = all(`[name="${name}"]`, part.closest('form') ?? document);
  const values = controls.filter(c => !/checkbox|radio/.test(c.type) || c.checked).map(c => c.value);
  part.hidden = controls.length > 0 && !(wanted ? values.includes(wanted) : values.some(Boolean));
});
document.addEventListener('input', dependents);

// A preview of what a search engine may show, as one types.
const preview = () => all('[data-seo-of]').forEach(line => {
  const text = find(`form [name="${line.dataset.seoOf}"]`)?.value.replace(/[#*_`>]|\s+/g, ' ').replace(/\s+/g, ' ').trim();
  const most = Number(line.dataset.seoMost);
  if (text) line.textContent = text.length > most ? `${text.slice(0, most - 1)}…` : text;
});
document.addEventListener('input', e => e.target.form && find('[data-seo]', e.target.form) && preview());

// What a field asks for is said when one leaves it, in its place; what was corrected is taken back while one types.
const tell = control => {
  const id = `${control.id}-wrong`;
  let note = document.getElementById(id);
  if (control.validity.valid) {
    note?.remove();
    if (control.getAttribute('aria-errormessage') === id)
      ['aria-invalid', 'aria-errormessage'].forEach(name => control.removeAttribute(name));
  } else if (control.id) {
    note ??= Object.assign(document.createElement('span'), { className: 'error', id });
    note.textContent = control.validationMessage;
    (control.closest('.affix, .select') ?? control).after(note);
    control.setAttribute('aria-invalid', 'true');
    control.setAttribute('aria-errormessage', id);
  }
};
const checked = target => target.matches?.('.console form[method=post] :is(input, textarea, select)') && target.type !== 'hidden';
document.addEventListener('focusout', e => { if (checked(e.target) && (e.target.value || e.target.dataset.touched)) tell(e.target); });
document.addEventListener('input', e => {
  if (!checked(e.target)) return;
  e.target.dataset.touched = '';
  if (e.target.hasAttribute('aria-errormessage')) tell(e.target);
});

// Save bar: shown when a form differs from what the server sent; leaving then asks first.
const differs = control => {
  if (control.type === 'hidden' || control.type === 'submit' || !control.name) return false;
  if (/checkbox|radio/.test(control.type)) return control.checked !== control.defaultChecked;
  if (control.tagName === 'SELECT') {
    const given = [...control.options].some(option => option.defaultSelected);
    return [...control.options].some((option, n) => option.selected !== (given ? option.defaultSelected : n === 0));
  }
  return 'defaultValue' in control && control.value !== control.defaultValue;
};
const dirty = form => [...form.elements].some(differs);
const savebars = () => all('.savebar').forEach(bar => {
  const form = document.getElementById(bar.dataset.for);
  bar.hidden = !form || !dirty(form);
});
document.addEventListener('input', savebars);
document.addEventListener('reset', () => setTimeout(() => { savebars(); dependents(); }));
addEventListener('beforeunload', e => {
  if (!leaving && all('form[data-savebar]').some(dirty)) e.preventDefault();
});

// Lists: the bulk bar appears with the first tick.
const bulk = () => all('[data-bulk]').forEach(bar => {
  // getAttribute, because a control named "id" hides the form's own.
  const count = all(`[form="${bar.getAttribute('id')}"]:checked`).length;
  bar.hidden = !count;
  find('[data-bulk-count]', bar).textContent = count;
  bar.classList.toggle('everything', !!find('[data-bulk-all]', bar)?.checked);
});
on('change', '[data-select-all]', (e, tick) => {
  all(`[form="${tick.dataset.selectAll}-bulk"]`).forEach(one => { one.checked = tick.checked; });
  bulk();
});
document.addEventListener('change', bulk);

// Palette: the menu's links, filtered; arrows choose, Enter follows.
const palette = find('[data-palette]');
if (palette) {
  const input = find('input', palette);
  const search = find('[data-search] a', palette);
  const shown = () => all('li', palette).filter(item => !item.hidden);
  const choose = place => {
    const list = shown(), item = list[(place + list.length) % list.length];
    all('.on', palette).forEach(one => one.classList.remove('on'));
    item?.classList.add('on');
    item?.scrollIntoView({ block: 'nearest' });
  };
  const chosen = () => shown().findIndex(item => item.classList.contains('on'));
  const filter = () => {
    const words = input.value.trim().toLowerCase();
    if (words.length < 2) find('.found', palette)?.replaceChildren();
    all('li:not([data-search],[data-found])', palette).forEach(item => { item.hidden = !item.textContent.toLowerCase().includes(words); });
    if (search) search.href = `${search.href.split('?')[0]}?q=${encodeURIComponent(input.value)}`;
    choose(0);
  };
  input.addEventListener('input', filter);
  palette.addEventListener('opened', () => { input.value = ''; filter(); });
  palette.addEventListener('htmx:afterSwap', () => choose(0));
  on('click', '[data-palette] li a', () => palette.close());
  palette.addEventListener('keydown', e => {
    if (e.key === 'ArrowDown') choose(chosen() + 1);
    else if (e.key === 'ArrowUp') choose(chosen() - 1);
    else if (e.key === 'Enter' && e.target === input) find('a', shown()[chosen()])?.click();
    else return;
    e.preventDefault();
  });
}

// Keys: Ctrl-K, Ctrl-S, /, ?, G followed by a page's key, and the keys that buttons claim (data-key).
// Single keys can be turned off.
const toggle = find('[data-shortcuts-on]');
const single = () => !toggle || toggle.checked;
toggle?.addEventListener('change', () => {
  keep('shortcuts', toggle.checked ? 'on' : 'off');
  wish(toggle.dataset.keep, toggle.checked ? 'on' : 'off');
});
let going = 0;
const typing = target => /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/checkbox|radio/.test(target.type) || target.isContentEditable;
const sheet = () => {
  const dialog = find('[data-shortcuts]'), part = find('[data-page-keys]', dialog);
  const keys = all('[data-key]').map(one => [one.dataset.key, one.dataset.keyLabel || one.textContent.trim()]);
  find('dl', part).replaceChildren(...keys.flatMap(([key, label]) => {
    const [dt, dd, kbd] = ['dt', 'dd', 'kbd'].map(name => document.createElement(name));
    kbd.textContent = key.toUpperCase();
    dd.textContent = label;
    dt.append(kbd);
    return [dt, dd];
  }));
  part.hidden = !keys.length;
  open(dialog);
};
on('click', '[data-open=shortcuts]', sheet);
const press = control => control.matches('input, textarea, select') ? control.focus() : control.click();
document.addEventListener('keydown', e => {
  if (e.isComposing) return;
  const key = e.key.toLowerCase();
  if ((e.ctrlKey || e.metaKey) && key === 'k' && palette) {
    e.preventDefault();
    palette.open ? palette.close() : open(palette);
  } else if ((e.ctrlKey || e.metaKey) && key === 's' && find('form[data-savebar]')) {
    e.preventDefault();
    find('form[data-savebar]').requestSubmit();
  } else if (single() && !typing(e.target) && !e.ctrlKey && !e.metaKey && !e.altKey && !find('dialog[open]')) {
    const chosen = Date.now() - going < 1500 ? find(`[data-go="${CSS.escape(key)}"]`) : find(`[data-key="${CSS.escape(key)}"]`);
    going = key === 'g' ? Date.now() : 0;
    if (key === '?') sheet();
    else if (chosen) { e.preventDefault(); press(chosen); }
    else if (key === '/' && find('[data-slash]')) { e.preventDefault(); find('[data-slash]').focus(); }
  }
});

// Charts: a cursor over numbers that the server drew and wrote down.
function chart(figure) {
  const tips = JSON.parse(figure.dataset.tips);
  const tip = find('.tip', figure);
  figure.removeAttribute('data-tips');
  figure.addEventListener('pointermove', e => {
    const drawing = all('svg', figure).find(svg => svg.getBoundingClientRect().width);
    if (!drawing) return;
    const box = drawing.getBoundingClientRect();
    const scale = drawing.viewBox.baseVal.width / box.width;
    const bars = !find('path', drawing);
    const from = 46, to = drawing.viewBox.baseVal.width - 8;
    const share = Math.min(Math.max(((e.clientX - box.left) * scale - from) / (to - from), 0), 0.9999);
    const place = bars ? Math.floor(share * tips.length) : Math.round(share * (tips.length - 1));
    const x = from + (to - from) * (bars ? (place + 0.5) / tips.length : place / Math.max(tips.length - 1, 1));
    const cursor = find('.cursor', drawing);
    cursor.setAttribute('x1', x);
    cursor.setAttribute('x2', x);
    tip.textContent = tips[place];
    const half = tip.offsetWidth / 2;
    const left = box.left - figure.getBoundingClientRect().left;
    tip.style.insetInlineStart = `${Math.min(Math.max(left + x / scale, half), figure.offsetWidth - half)}px`;
    figure.classList.add('on');
  });
  figure.addEventListener('pointerleave', () => figure.classList.remove('on'));
}

// What has to be done for a page, and again for each part that htmx brings in.
function settle() {
  all('[data-tips]').forEach(chart);
  find('[data-focus]')?.focus();
  dependents();
  savebars();
  bulk();
}
settle();

// htmx: every listener to its events is here.
document.addEventListener('htmx:configRequest', e => {
  e.detail.headers['X-CSRFToken'] = find('meta[name=csrf]')?.content ?? '';
});
document.addEventListener('htmx:beforeRequest', e => {
  root.classList.add('loading');
  e.detail.requestConfig.triggeringEvent?.submitter?.setAttribute('aria-busy', 'true');
});
document.addEventListener('htmx:afterRequest', e => {
  root.classList.remove('loading');
  e.detail.requestConfig.triggeringEvent?.submitter?.removeAttribute('aria-busy');
});
document.addEventListener('htmx:afterSettle', settle);
for (const event of ['htmx:responseError', 'htmx:sendError', 'htmx:timeout'])
  document.addEventListener(event, e =>
    toast(e.detail.xhr?.getResponseHeader('X-Message') || body.dataset.error));
