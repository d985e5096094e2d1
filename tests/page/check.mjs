// Drives scorecard.html in Chromium, from a file: filters, drill-down, deep links, the keyboard, printing, narrow screens;
// no console error, no request beyond the file, and no violation of WCAG 2.2 A or AA that axe-core finds.
//
//   node tests/page/check.mjs BUILD OUT      with puppeteer-core and axe-core where NODE_PATH or OUT/node_modules has them
//
// Screenshots and the printed page are left in OUT. CHROMIUM names the browser, else `chromium`.
import { createRequire } from 'node:module';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [build, out] = process.argv.slice(2).map(path => resolve(path));
const require = createRequire(join(out, 'package.json'));
const puppeteer = require('puppeteer-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const file = join(build, 'scorecard.html');
const url = pathToFileURL(file).href;
const executablePath = process.env.CHROMIUM || execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();

let passed = 0;
const failed = [];
const expect = (what, is) => { if (is) passed += 1; else failed.push(what); };

const browser = await puppeteer.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'] });
const page = await browser.newPage();
const asked = [];
page.on('console', message => { if (message.type() === 'error') failed.push(`console: ${message.text()}`); });
page.on('pageerror', error => failed.push(`script: ${error.message}`));
page.on('request', request => asked.push(request.url()));

async function open(width, height, hash = '') {
  await page.setViewport({ width, height });
  await page.goto('about:blank');
  await page.goto(url + hash, { waitUntil: 'load' });
  await page.evaluate(() => document.fonts.ready);
}
const shot = (name, fullPage = false) => page.screenshot({ path: join(out, name), fullPage });
const visible = () => page.$$eval('.line', lines => lines.filter(line => !line.hidden).map(line => line.id));
const widest = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

async function accessible(what) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
  for (const violation of found.violations) {
    const where = violation.nodes.slice(0, 3).map(node => `${node.target}: ${node.failureSummary}`).join(' | ');
    failed.push(`axe, ${what}: ${violation.id}: ${where}`);
  }
  expect(`axe, ${what}: looked at something`, found.passes.length > 10);
}

// As it opens.
await open(1366, 900);
expect('a page of at most 5 MB', statSync(file).size < 5e6);
const all = await visible();
expect('there are lines', all.length > 0);
expect('no horizontal scroll at 1366', await widest() <= 0);
expect('the embedded font is used', await page.evaluate(() => document.fonts.check('16px Inter')));
await shot('1366.png', true);
await accessible('as it opens');

// Filters.
const units = await page.$$eval('#f-unit option', options => options.map(option => [option.value, option.textContent]));
await page.select('#f-show', 'watch');
const watched = await page.$$eval('.list.watch li', items => items.map(item => item.dataset.m));
expect('the filter shows the lines of the list', JSON.stringify((await visible()).sort()) === JSON.stringify(watched.sort()));
await page.select('#f-show', '');
await page.type('#f-find', await page.$eval('.line th a', link => link.textContent));
const found = await visible();
expect('the search shows lines of that name', found[0] === all[0] && found.length < Math.max(all.length, 2));
await page.click('#filters button[type=reset]');
await page.waitForFunction(n => document.querySelectorAll('.line:not([hidden])').length === n, {}, all.length);
const before = await page.$$eval('.big', cells => cells.map(cell => cell.innerHTML));
if (units.length > 1) {
  await page.select('#f-unit', units[1][0]);
  const changed = await page.$$eval('.big', cells => cells.map(cell => cell.innerHTML));
  expect('the unit changes the figures', changed.some((text, i) => text !== before[i]));
  expect('it is said whose figures they are', (await page.$eval('#f-said', said => said.textContent)).includes(units[1][1]));
  await shot('unit.png');
  await accessible('another unit');
}
await page.select('#f-period', '0');
await page.click('#filters button[type=reset]');
await page.waitForFunction(() => document.getElementById('f-said').textContent === '');
expect('cleared filters give back what the build wrote', JSON.stringify(await page.$$eval('.big', cells => cells.map(cell => cell.innerHTML))) === JSON.stringify(before));

// Drill-down by keyboard alone: skip link, a line's details, its areas.
await open(1366, 900);
await page.keyboard.press('Tab');
expect('the first stop is the skip link', await page.evaluate(() => document.activeElement.className === 'skip'));
await page.keyboard.press('Enter');
expect('which leads past the navigation', await page.evaluate(() => document.activeElement.id === 'main' || location.hash === '#main'));
const withUnits = await page.evaluate(() => (document.querySelector('.units') || { closest: () => ({ id: null }) }).closest('.line').id);
if (withUnits) {
  await page.focus(`#more-${withUnits} > summary`);
  await page.keyboard.press('Enter');
  expect('Enter opens a line', await page.$eval(`#more-${withUnits}`, more => more.open));
  await page.focus(`#more-${withUnits} .units > summary`);
  await page.keyboard.press('Space');
  expect('Space opens its areas', await page.$eval(`#more-${withUnits} .units`, more => more.open));
  expect('a chart is drawn', await page.$eval(`#more-${withUnits} .chart`, chart => chart.getBoundingClientRect().width > 300));
  await page.$eval(`#${withUnits}`, line => line.scrollIntoView());
  await shot('line.png');
  await accessible('an open line');

  // Deep links.
  const [level, unit] = await page.$eval(`#more-${withUnits} tr[data-l]`, row => [row.dataset.l, row.dataset.u]);
  await open(1366, 900, `#${withUnits}/${level}/${encodeURIComponent(unit)}`);
  expect('a deep link opens the line', await page.$eval(`#more-${withUnits}`, more => more.open));
  expect('and marks the unit', await page.$eval('.here', row => row.dataset.u) === unit);
  const inView = () => {
    const place = document.querySelector('.here').getBoundingClientRect();
    return place.top >= 0 && place.bottom <= innerHeight;
  };
  expect('and brings it into view', await page.waitForFunction(inView, { timeout: 5000 }).then(() => true, () => false));
  await shot('deep-link.png');
  await page.evaluate(() => { location.hash = '#no_such_line/area/x'; });
  await page.evaluate(() => { location.hash = '#%E0%A4%A'; });
}

// A narrow screen.
await open(390, 844);
expect('no horizontal scroll at 390', await widest() <= 0);
await shot('390.png', true);
await accessible('at 390');

// On paper.
await open(1366, 900);
await page.pdf({ path: join(out, 'printed.pdf'), preferCSSPageSize: true, printBackground: true });
expect('it prints', statSync(join(out, 'printed.pdf')).size > 10_000);

// Without the script.
await page.setJavaScriptEnabled(false);
await open(1366, 900);
expect('without the script every line is there', (await page.$$('.line')).length === all.length);
expect('and no filter that does nothing', await page.$eval('#filters', form => form.hidden));

const beyond = asked.filter(one => one !== 'about:blank' && !one.startsWith(url) && !one.startsWith('data:'));
expect(`no request beyond the file: ${beyond.slice(0, 3)}`, beyond.length === 0);
await browser.close();
writeFileSync(join(out, 'failed.txt'), failed.join('\n'));
for (const what of failed) console.error(`failed: ${what}`);
console.log(`page checks: ${passed} passed, ${failed.length} failed`);
process.exit(failed.length ? 1 : 0);
