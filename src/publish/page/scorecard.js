'use strict';
(() => {
  const views = JSON.parse(document.getElementById('views').textContent);
  const byId = id => document.getElementById(id);
  const form = byId('filters'), unit = byId('f-unit'), period = byId('f-period'), show = byId('f-show'), find = byId('f-find');
  const lines = [...document.querySelectorAll('.line')];
  const comparators = '.target, .group, .nation';

  const option = (select, value, text, group) => {
    const made = document.createElement('option');
    made.value = value;
    made.textContent = text;
    (group || select).append(made);
  };
  const groups = {};
  views.units.forEach((u, i) => {
    if (u.level !== 'force' && !groups[u.level]) {
      groups[u.level] = document.createElement('optgroup');
      groups[u.level].label = { area: 'Areas', department: 'Departments' }[u.level];
      unit.append(groups[u.level]);
    }
    option(unit, i, u.level === 'force' ? u.name + ' (whole force)' : u.name, groups[u.level]);
  });
  option(period, '', 'each line’s own');
  views.periods.forEach((p, i) => option(period, i, p.title));

  // What the build wrote stays where it is, and comes back.
  const first = new Map();
  const put = (cell, html) => {
    if (!cell) return;
    if (!first.has(cell)) first.set(cell, cell.innerHTML);
    cell.innerHTML = html;
  };
  const back = cell => { if (cell && first.has(cell)) cell.innerHTML = first.get(cell); };
  const text = (cell, words) => { put(cell, ''); if (cell) cell.textContent = words || ''; };

  const ownPeriod = line => views.periods.findIndex(p => p.name === (line.querySelector('.units') || { dataset: {} }).dataset.p);

  function fill(line) {
    const parts = ['.big', '.interval', '.counts', '.period', '.course', '.target', '.group', '.nation'].map(p => line.querySelector(p));
    parts.forEach(back);
    line.classList.remove('off');
    const isForce = views.units[unit.value]?.level === 'force', isOwn = period.value === '';
    if (isForce && isOwn) return true;
    if (!line.querySelector('.big')) return false;
    const at = isOwn ? ownPeriod(line) : +period.value;
    const cell = views.cells[line.dataset.m]?.[unit.value + '.' + at];
    line.classList.toggle('off', !cell);
    const [words, , , , shown, , , interval, , , counts] = cell || [];
    text(line.querySelector('.big'), cell ? shown : 'no figure');
    text(line.querySelector('.interval'), interval);
    text(line.querySelector('.counts'), counts);
    text(line.querySelector('.period'), cell ? views.words[words] : '');
    line.querySelectorAll(comparators).forEach(part => text(part, ''));
    if (!isForce) {
      const row = rowOf(line, views.units[unit.value].level, views.units[unit.value].unit);
      const spark = row && row.querySelector('.spark');
      put(line.querySelector('.course'), spark ? spark.outerHTML : '');
    }
    return Boolean(cell);
  }

  function filter() {
    const wanted = show.value, words = find.value.trim().toLowerCase();
    let shown = 0, without = 0;
    for (const line of lines) {
      const has = fill(line);
      const listed = !wanted || line.dataset.marks.split(' ').includes(wanted);
      const found = !words || line.querySelector('th').textContent.toLowerCase().includes(words);
      line.hidden = !(listed && found);
      if (!line.hidden) { shown += 1; if (!has) without += 1; }
    }
    for (const stage of document.querySelectorAll('.stage')) {
      const empty = ![...stage.querySelectorAll('.line')].some(line => !line.hidden);
      stage.querySelector('.nothing').hidden = !empty;
      stage.querySelector('.lines').hidden = empty;
    }
    const isPlain = views.units[unit.value]?.level === 'force' && period.value === '';
    let said = shown === lines.length ? '' : shown + ' of ' + lines.length + ' lines are shown. ';
    if (!isPlain) said += 'Figures of ' + views.units[unit.value].name + '. Comparators and targets stand beside the force’s own period alone. ' + (without ? without + ' lines have no such figure.' : '');
    byId('f-said').textContent = said;
  }

  const rowOf = (line, level, name) => [...line.querySelectorAll('tr[data-l]')].find(row => row.dataset.l === level && row.dataset.u === name);

  // #metric, #metric/level/unit
  function go() {
    const [id, level, name] = location.hash.slice(1).split('/').map(part => { try { return decodeURIComponent(part); } catch { return part; } });
    const line = id && byId(id);
    if (!line || !line.classList.contains('line')) return;
    if (line.hidden) { form.reset(); filter(); }
    document.querySelectorAll('.here').forEach(row => row.classList.remove('here'));
    const more = byId('more-' + id);
    more.open = true;
    let target = line;
    const row = level && rowOf(line, level, name);
    if (row) {
      row.closest('.units').open = true;
      row.classList.add('here');
      target = row;
    }
    target.scrollIntoView({ block: row ? 'center' : 'start' });
    const focus = row ? row.querySelector('th') : more.querySelector('summary');
    if (row) focus.tabIndex = -1;
    focus.focus({ preventScroll: true });
  }

  for (const line of lines) {
    const more = byId('more-' + line.id);
    more.addEventListener('toggle', () => line.classList.toggle('open', more.open));
  }
  for (const control of [unit, period, show]) control.addEventListener('change', filter);
  find.addEventListener('input', filter);
  form.addEventListener('reset', () => setTimeout(filter));
  form.addEventListener('submit', event => event.preventDefault());
  document.addEventListener('click', event => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.getAttribute('href') === location.hash) go();
  });
  addEventListener('hashchange', go);
  form.hidden = false;
  filter();
  go();
})();
