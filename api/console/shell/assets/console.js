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
  // What was said must be seen and read out, wherever the reader is in the page: the button they pressed may be gone.
  document.addEventListener('htmx:after:swap', () => document.querySelector('#main > .notice')?.focus({ preventScroll: true }));

  // Dragging a visit in the day's grid: the page's own form is sent, as the page to move a visit would.
  const ROW_MIN = 5;
  const STEP_ROWS = 3; // a quarter of an hour
  const drag = { visit: null, grabbedRows: 0, mark: null };
  const rowPx = (column) => parseFloat(getComputedStyle(column).gridAutoRows);
  const rowAt = (column, event) => {
    const row = (event.clientY - column.getBoundingClientRect().top) / rowPx(column) - drag.grabbedRows;
    return Math.max(0, Math.round(row / STEP_ROWS) * STEP_ROWS);
  };
  const timeOf = (column, row) => {
    const minutes = Number(column.closest('[data-grid]').dataset.fromMin) + row * ROW_MIN;
    return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
  };
  const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' });
  const asRead = (time) => clock.format(new Date(`2000-01-01T${time}:00Z`));
  const clear = () => {
    drag.mark?.remove();
    drag.mark = null;
    for (const column of document.querySelectorAll('.rows.over')) column.classList.remove('over');
  };
  document.addEventListener('dragstart', (event) => {
    const visit = event.target.closest?.('[data-visit]');
    if (!visit) return;
    const column = visit.closest('[data-column]');
    drag.visit = visit;
    drag.grabbedRows = (event.clientY - visit.getBoundingClientRect().top) / rowPx(column);
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', visit.href);
    visit.classList.add('dragged');
  });
  document.addEventListener('dragover', (event) => {
    const column = drag.visit && event.target.closest?.('[data-column]');
    if (!column) return;
    event.preventDefault();
    const row = rowAt(column, event);
    if (drag.mark?.parentElement !== column) {
      clear();
      drag.mark = column.appendChild(document.createElement('span'));
      column.classList.add('over');
    }
    const rows = [...drag.visit.classList].find((name) => /^s\d+$/.test(name)) ?? 's12';
    drag.mark.className = `drop-mark r${row} ${rows}`;
    drag.mark.textContent = asRead(timeOf(column, row));
  });
  document.addEventListener('drop', (event) => {
    const column = drag.visit && event.target.closest?.('[data-column]');
    const form = document.getElementById('drag');
    if (!column || !form) return;
    event.preventDefault();
    form.action = `/visits/${drag.visit.dataset.visit}/move`;
    form.elements.start_ts.value = `${column.dataset.date}T${timeOf(column, rowAt(column, event))}`;
    form.elements.staff_id.value = column.dataset.column;
    form.elements.version.value = drag.visit.dataset.version;
    form.submit();
  });
  document.addEventListener('dragend', () => {
    drag.visit?.classList.remove('dragged');
    drag.visit = null;
    clear();
  });
})();
