// A table of inputs that works like a spreadsheet: arrows, Enter, pasting blocks, undo and redo of cells.
const form = document.querySelector('[data-sheet]');
if (form) {
  const rows = [...form.querySelectorAll('tbody tr')].map(row => [...row.querySelectorAll('input:not([type=hidden])')]);
  const where = cell => rows.map((row, y) => [row.indexOf(cell), y]).find(([x]) => x >= 0);
  const at = (x, y) => rows[y]?.[x];
  const [back, forth] = ['undo', 'redo'].map(name => document.querySelector(`[data-sheet-${name}]`));
  const done = [], undone = [];
  const known = new Map(rows.flat().map(cell => [cell, cell.value]));
  const mark = cell => cell.classList.toggle('changed', cell.value !== cell.dataset.was);
  const put = (cell, value) => {
    cell.value = value;
    known.set(cell, value);
    mark(cell);
    cell.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const buttons = () => { back.hidden = !done.length; forth.hidden = !undone.length; };
  const note = steps => {
    if (!steps.length) return;
    done.push(steps);
    undone.length = 0;
    buttons();
  };
  const turn = (from, to, value) => {
    const steps = from.pop();
    if (!steps) return;
    steps.forEach(step => put(step.cell, step[value]));
    to.push(steps);
    steps[0].cell.focus();
    buttons();
  };
  const undo = () => turn(done, undone, 'old'), redo = () => turn(undone, done, 'fresh');
  back.addEventListener('click', undo);
  forth.addEventListener('click', redo);

  form.addEventListener('change', e => {
    const cell = e.target;
    if (!where(cell) || known.get(cell) === cell.value) return;
    note([{ cell, old: known.get(cell), fresh: cell.value }]);
    known.set(cell, cell.value);
    mark(cell);
  });
  form.addEventListener('paste', e => {
    const start = where(e.target), text = e.clipboardData.getData('text/plain').replace(/\r/g, '').replace(/\n$/, '');
    if (!start || !/[\t\n]/.test(text)) return;
    e.preventDefault();
    const steps = [];
    text.split('\n').forEach((line, y) => line.split('\t').forEach((value, x) => {
      const cell = at(start[0] + x, start[1] + y);
      if (!cell || cell.readOnly || cell.value === value.trim()) return;
      steps.push({ cell, old: known.get(cell), fresh: value.trim() });
    }));
    steps.forEach(step => put(step.cell, step.fresh));
    note(steps);
  });
  form.addEventListener('keydown', e => {
    const place = where(e.target);
    if (!place || e.isComposing) return;
    const [x, y] = place, key = e.key.toLowerCase(), command = e.ctrlKey || e.metaKey;
    if (command && key === 'z' && e.target.value === known.get(e.target)) { e.preventDefault(); e.shiftKey ? redo() : undo(); return; }
    if (command && key === 'y') { e.preventDefault(); redo(); return; }
    const caret = e.target.selectionStart, end = e.target.value.length;
    const next = key === 'enter' ? at(x, y + (e.shiftKey ? -1 : 1))
      : key === 'arrowdown' ? at(x, y + 1) : key === 'arrowup' ? at(x, y - 1)
      : key === 'arrowright' && caret === end ? at(x + 1, y) : key === 'arrowleft' && caret === 0 ? at(x - 1, y) : null;
    if (key === 'enter') e.preventDefault();
    if (key === 'escape' && e.target.value !== known.get(e.target)) put(e.target, known.get(e.target));
    if (!next) return;
    e.preventDefault();
    next.focus();
    next.select();
  });
  form.addEventListener('reset', () => setTimeout(() => {
    rows.flat().forEach(cell => { known.set(cell, cell.value); mark(cell); });
    done.length = undone.length = 0;
    buttons();
  }));
  rows.flat().forEach(mark);
}
