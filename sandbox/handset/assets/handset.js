'use strict';
// What HTML cannot say by itself: which half shows on a small screen, where a thread is scrolled to, how tall a letter is, when the dialog opens.
(() => {
  const byId = (id) => document.getElementById(id);
  const main = document.querySelector('main[data-showing]');
  const thread = byId('thread');
  const sheet = byId('sheet');
  if (!main || !thread || !sheet) return;

  // The two halves on a small screen. The choice survives a reload.
  const buttons = [...document.querySelectorAll('.views [data-view]')];
  const show = (view) => {
    main.dataset.showing = view;
    sessionStorage.setItem('handset-view', view);
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.view === view));
    if (view === 'phone') {
      document.body.classList.remove('has-new');
      toEnd();
    }
  };
  for (const button of buttons) button.addEventListener('click', () => show(button.dataset.view));

  // The thread stays at its end unless the reader has scrolled up.
  const toEnd = () => (thread.scrollTop = thread.scrollHeight);
  const atEnd = () => thread.scrollHeight - thread.scrollTop - thread.clientHeight < 80;
  let follows = true;
  let entries = thread.querySelectorAll('.entry').length;
  thread.addEventListener('scroll', () => (follows = atEnd()), { passive: true });
  new MutationObserver(() => {
    const now = thread.querySelectorAll('.entry').length;
    if (now > entries && main.dataset.showing !== 'phone') document.body.classList.add('has-new');
    if (now !== entries && follows) toEnd();
    entries = now;
  }).observe(thread, { childList: true, subtree: true });

  // Which kinds the thread shows.
  document.querySelector('.filter')?.addEventListener('change', (event) => {
    thread.dataset.only = event.target.value;
    toEnd();
  });

  // A letter is as tall as it is.
  const measure = (frame) => {
    const page = frame.contentDocument?.documentElement;
    if (page && page.scrollHeight > 0) frame.style.height = `${page.scrollHeight}px`;
  };
  thread.addEventListener('load', (event) => event.target.matches?.('iframe') && measure(event.target), true);
  thread.addEventListener(
    'toggle',
    (event) => {
      const frame = event.target.querySelector?.('iframe');
      if (frame && event.target.open) measure(frame);
    },
    true,
  );

  // The dialog for booking and moving.
  document.addEventListener('htmx:after:swap', () => {
    const title = byId('sheet-title');
    if (!title || sheet.open || sheet.dataset.closing) return;
    sheet.showModal();
    title.focus();
  });
  const close = () => {
    if (sheet.open) sheet.close();
  };
  sheet.addEventListener('close', () => byId('sheet-body').replaceChildren());
  sheet.addEventListener('click', (event) => {
    if (event.target === sheet || event.target.closest('[data-close]')) close();
    const other = event.target.closest('[data-day]');
    if (!other) return;
    const day = byId('sheet-day');
    day.value = other.dataset.day;
    day.dispatchEvent(new Event('change', { bubbles: true }));
    day.focus();
  });
  document.addEventListener('sheet-done', close);

  // A sent text leaves the field.
  byId('composer')?.addEventListener('htmx:after:request', (event) => {
    if (event.detail.ctx?.response?.raw?.ok) byId('reply-text').value = '';
    follows = true;
    toEnd();
  });

  // Whether the page is still told of changes.
  document.addEventListener('htmx:sse:error', () => document.body.classList.add('is-cut-off'));
  document.addEventListener('htmx:sse:after:connection', () => document.body.classList.remove('is-cut-off'));

  show(sessionStorage.getItem('handset-view') === 'visits' ? 'visits' : 'phone');
  toEnd();
})();
