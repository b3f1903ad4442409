// The design's editors: a colour picked is written where it is kept, and the other way round.
const field = picker => document.getElementById(picker.dataset.mirrors);
const pickers = () => document.querySelectorAll('[data-mirrors]');
document.addEventListener('input', e => {
  if (e.target.matches('[data-mirrors]')) {
    const target = field(e.target);
    target.value = e.target.value;
    target.dispatchEvent(new Event('input', { bubbles: true }));
  } else {
    for (const picker of pickers())
      if (field(picker) === e.target && /^#[0-9a-f]{6}$/i.test(e.target.value)) picker.value = e.target.value.toLowerCase();
  }
});
