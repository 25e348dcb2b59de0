'use strict';
// What HTML cannot do by itself. Every page works without it.
(() => {
  // Printing is a command of the browser's.
  document.addEventListener('click', (event) => {
    if (event.target.closest?.('[data-print]')) window.print();
  });
  // A menu closes when the reader goes on.
  document.addEventListener('click', (event) => {
    for (const menu of document.querySelectorAll('details.account[open]')) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const menu of document.querySelectorAll('details.account[open]')) {
      menu.open = false;
      menu.querySelector('summary').focus();
    }
  });
  // What was said must be seen, wherever the reader is in the page.
  document.addEventListener('htmx:after:swap', () => document.querySelector('#main > .notice')?.scrollIntoView({ block: 'nearest' }));
})();
