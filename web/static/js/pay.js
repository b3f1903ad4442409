// Paying with the provider's own element. This page alone loads the provider's script.
const form = document.querySelector('form[data-pay]');
const problem = form.querySelector('[data-problem]');
const say = text => {
  problem.textContent = text;
  problem.hidden = !text;
  form.querySelector('button').removeAttribute('aria-busy');
};

if (window.Stripe) {
  const token = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const isDark = () => matchMedia('(prefers-color-scheme: dark)').matches;
  const dark = (document.documentElement.dataset.theme || (isDark() ? 'dark' : 'light')) === 'dark';
  const provider = window.Stripe(form.dataset.key);
  const elements = provider.elements({
    clientSecret: form.dataset.secret,
    locale: document.documentElement.lang.startsWith('zh') ? 'zh' : 'en',
    appearance: { theme: dark ? 'night' : 'stripe', variables: { fontFamily: token('--font'), borderRadius: '10px' } },
  });
  const place = form.querySelector('[data-element]');
  const element = elements.create('payment');
  element.on('ready', () => place.querySelector('.skeleton')?.remove());
  element.on('loaderror', e => say(e.error.message));
  element.mount(place);
  form.addEventListener('submit', async e => {
    e.preventDefault();
    say('');
    const button = form.querySelector('button');
    if (button.disabled) return;
    button.disabled = true;
    button.setAttribute('aria-busy', 'true');
    const confirm = 'saves' in form.dataset ? 'confirmSetup' : 'confirmPayment';
    const { error } = await provider[confirm]({ elements, confirmParams: { return_url: form.dataset.return } });
    button.disabled = false;
    say(error ? error.message : '');
  });
} else {
  form.addEventListener('submit', e => e.preventDefault());
  say(form.dataset.away);
}
