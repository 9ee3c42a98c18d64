// The week of everyone, like a spreadsheet: arrows move, Enter goes into a cell, Esc out of it,
// y copies the day before, p the same day of last week: the server does, which knows all of them. Without this file Tab
// reaches everything.
import { ask, isClean, settled } from "./autosave.js";

const CONTROLS = "input:not([type=hidden]), select, textarea, button, a[href]";

const cellsOf = (row) => [...row.querySelectorAll("td[data-cell]")];
const rowsOf = (table) => [...table.tBodies[0].rows].filter((row) => cellsOf(row).length > 0);
const controlsOf = (cell) => [...cell.querySelectorAll(CONTROLS)].filter((element) => !element.closest("[popover]"));

function prepare(table) {
  if (table.dataset.ready) return;
  table.dataset.ready = "yes";
  table.setAttribute("role", "grid");
  for (const cell of table.querySelectorAll("td")) cell.setAttribute("role", "gridcell");
  for (const cell of table.querySelectorAll("td[data-cell]")) closeCell(cell);
  const first = table.querySelector("td[data-cell]");
  if (first) first.tabIndex = 0;
}

function closeCell(cell) {
  cell.tabIndex = -1;
  controlsOf(cell).forEach((element) => (element.tabIndex = -1));
}

function go(cell) {
  if (!cell) return;
  cell.closest("table").querySelectorAll("td[data-cell][tabindex='0']").forEach((old) => (old.tabIndex = -1));
  cell.tabIndex = 0;
  cell.focus();
}

function enter(cell) {
  const [control] = controlsOf(cell);
  control?.focus();
}

function beside(cell, across, down) {
  const row = cell.closest("tr");
  const rows = rowsOf(cell.closest("table"));
  const target = rows[rows.indexOf(row) + down];
  return target && cellsOf(target)[cellsOf(row).indexOf(cell) + across];
}

const partOf = (cell) => cell?.querySelector("fieldset[data-autosave]");

// What the day before says is copied as it is saved; where it could not be saved, the page says so already.
async function copyYesterday(cell) {
  const before = partOf(beside(cell, -1, 0));
  if (!before || !partOf(cell)) return;
  await settled(before);
  if (isClean(before)) ask(partOf(cell), "copy", "day");
}

function copyLastWeek(cell) {
  if (partOf(cell)) ask(partOf(cell), "copy", "week");
}

const KEYS = {
  ArrowLeft: (cell) => go(beside(cell, -1, 0)),
  ArrowRight: (cell) => go(beside(cell, 1, 0)),
  ArrowUp: (cell) => go(beside(cell, 0, -1)),
  ArrowDown: (cell) => go(beside(cell, 0, 1)),
  Enter: enter,
  F2: enter,
  y: copyYesterday,
  p: copyLastWeek,
};

document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.("[data-grid] td[data-cell]");
  if (!cell || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target !== cell) {
    if (event.key === "Escape" && !event.target.closest("[popover]")) go(cell);
    return;
  }
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act(cell);
});

// A pointer on a control makes its cell the one that Tab comes back to.
document.addEventListener("focusin", (event) => {
  const cell = event.target.closest?.("[data-grid] td[data-cell]");
  if (!cell) return;
  cell.closest("table").querySelectorAll("td[data-cell][tabindex='0']").forEach((old) => (old.tabIndex = -1));
  cell.tabIndex = 0;
});

const prepareAll = () => document.querySelectorAll("table[data-grid]").forEach(prepare);
prepareAll();
document.addEventListener("htmx:after:swap", () => {
  document.querySelectorAll("[data-grid] td[data-cell]:not([tabindex])").forEach(closeCell);
  prepareAll();
});
