// What does not stand in a page of many parts is asked for when it is opened: <a data-panel> in a part that saves itself
// leads to a page of its own; here it opens a panel instead, with what the part's address answers: {"html", and what
// autosave.js takes}. The panel is put into the part, so what is typed in it is saved, and sent, with the part.
import { isClean, settled, take } from "./autosave.js";

const PATIENCE = 10000;
const FIELDS = "input:not([type=hidden]), select, textarea";
const frame = document.querySelector("[data-panel-frame]");
const turns = new WeakMap();

const links = () => (frame && "showPopover" in frame ? document.querySelectorAll("a[data-panel]") : []);
const part = (panel, name) => panel.querySelector(`[data-panel-${name}]`);

function made(link, owner) {
  const panel = frame.content.firstElementChild.cloneNode(true);
  const title = owner.querySelector("legend").textContent;
  panel.setAttribute("aria-label", title);
  panel.querySelector("h3").textContent = title;
  part(panel, "failed").querySelector("a").href = link.getAttribute("href");
  part(panel, "close").addEventListener("click", () => panel.hidePopover());
  panel.addEventListener("toggle", ({ newState }) => {
    if (newState === "closed" && [document.body, null].includes(document.activeElement)) link.focus();
  });
  owner.append(panel);
  return panel;
}

function say(panel, name) {
  for (const each of ["loading", "failed", "body"]) part(panel, each).hidden = each !== name;
  panel.setAttribute("aria-busy", name === "loading");
}

async function fetched(address) {
  const response = await fetch(address, {
    headers: { Accept: "application/json", "X-Requested-With": "panel" },
    credentials: "same-origin",
    cache: "no-store",
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (!response.ok) throw new Error(`answered ${response.status}`);
  return response.json();
}

function fill(panel, owner, answer) {
  owner.querySelectorAll("[data-kept]").forEach((input) => input.remove());
  part(panel, "body").innerHTML = answer.html;
  if (isClean(owner)) take(owner, answer); // or it keeps its edition, and is told when somebody else was first
  say(panel, "body");
}

function enter(panel) {
  if (document.activeElement === panel) panel.querySelector(FIELDS)?.focus();
}

async function load(panel, owner) {
  const turn = Symbol("turn");
  turns.set(panel, turn);
  say(panel, "loading");
  await settled(owner); // what was chosen in the cell belongs to what the panel shows
  let answer;
  try {
    answer = await fetched(owner.dataset.autosave);
  } catch {
    answer = null;
  }
  if (turns.get(panel) !== turn) return;
  if (answer) fill(panel, owner, answer);
  else say(panel, "failed");
  if (answer) enter(panel);
}

async function open(link) {
  const owner = link.closest("[data-autosave]");
  const panel = owner.querySelector(".panel") ?? made(link, owner);
  const holdsTyped = part(panel, "body").childElementCount > 0 && !isClean(owner);
  if (!panel.matches(":popover-open")) panel.showPopover();
  panel.focus();
  if (holdsTyped) enter(panel);
  else await load(panel, owner);
}

for (const link of links()) {
  link.setAttribute("role", "button");
  link.setAttribute("aria-haspopup", "dialog");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-panel][role=button]");
  if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== " " || !event.target.matches?.("a[data-panel][role=button]")) return;
  event.preventDefault();
  event.target.click();
});

// A list of what needs another look leads into a panel that stands closed in the page.
document.addEventListener("click", (event) => {
  const goal = event.target.closest?.(".errors a[href^='#']")?.hash.slice(1);
  const field = goal && document.getElementById(decodeURIComponent(goal));
  if (!field?.closest("[popover]")) return;
  event.preventDefault();
  field.closest("[popover]").showPopover();
  field.focus();
});
