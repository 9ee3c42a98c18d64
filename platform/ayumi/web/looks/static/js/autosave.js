// Saves a form marked data-autosave="<address>" a moment after the last keystroke, and says in words how it stands.
// The server answers JSON: 200 {"time": "10:42", "edition": 7}, 409 {"url": "..."}, 422 {"errors": {...}}, 401.
// A part of a form may save itself too: a <fieldset data-autosave>, whose controls share a prefix ("7.edition"). The
// answer may say texts for the page, {"show": {id: text}}, what its controls hold now, {"values": {name: [value, word]}},
// and what was taken away although no control shows it, {"kept": {name: value}}: sent along as long as the page is open.
// Nothing typed is ever put into the browser's storage: these are notes about people.
const PAUSE = 1200;
const RETRY = 8000;
const states = new WeakMap();

function stateOf(form) {
  if (!states.has(form)) states.set(form, { timer: 0, busy: false, dirty: false, stopped: false, wrong: false });
  return states.get(form);
}

function say(form, name, values = {}) {
  const node = form.querySelector("[data-save-state]") ?? document.querySelector("[data-save-state]");
  if (!node) return;
  const words = (node.dataset[name] ?? "").replace("{time}", values.time ?? "");
  node.dataset.state = name;
  node.textContent = words;
  if (values.url) node.append(" ", link(values.url, node.dataset.look));
}

function link(url, text) {
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.textContent = text;
  anchor.target = "_blank"; // what was typed here stays here
  anchor.rel = "noopener";
  return anchor;
}

function dataOf(part) {
  if (part.matches("form")) return new FormData(part);
  const data = new FormData(part.form);
  const names = new Set(["csrf_token", ...[...part.elements].map((element) => element.name)]);
  for (const name of new Set(data.keys())) if (!names.has(name)) data.delete(name);
  return data;
}

async function send(form) {
  const sent = dataOf(form);
  const response = await fetch(form.dataset.autosave, {
    method: "POST",
    body: sent,
    headers: { Accept: "application/json", "X-Requested-With": "autosave" },
    credentials: "same-origin",
    redirect: "manual",
    keepalive: document.hidden, // lets the last save outlive the page; limited to 64 kB by the browser
  });
  const isJson = response.headers.get("Content-Type")?.includes("json");
  const status = response.type === "opaqueredirect" ? 401 : response.status;
  return { status, body: isJson ? await response.json() : {}, sent };
}

function settle(form, state, { status, body, sent }) {
  if (status < 300) return saved(form, state, body, sent);
  if (status === 409) return stop(form, state, "conflict", body);
  if (body.errors) return refuse(form, state, body);
  if (status === 400 || status === 401 || status === 403) return later(form, state, "expired", body);
  return later(form, state, "failed", body);
}

const editionOf = (part) => [...part.elements].find((element) => /(^|\.)edition$/.test(element.name));

function saved(form, state, body, sent) {
  const asked = form.querySelector("[data-ask]");
  if (asked && sent.get(asked.name) === asked.value) asked.remove();
  delete form.dataset.unsaved;
  take(form, body, sent);
  for (const [name, value] of Object.entries(body.kept ?? {})) hide(form, name, value, "kept");
  if (!state.dirty) say(form, "saved", body);
}

// What the server says of a part. A control that was touched since the part was sent keeps what was typed.
export function take(part, { edition, show = {}, values = {} }, sent) {
  if (edition !== undefined && editionOf(part)) editionOf(part).value = edition;
  for (const [id, text] of Object.entries(show)) {
    const node = document.getElementById(id);
    if (node) node.textContent = text;
  }
  for (const [name, [value, word]] of Object.entries(values)) {
    const control = part.elements.namedItem(name);
    if (control && (!sent?.has(name) || sent.get(name) === control.value)) put(control, `${value}`, word);
  }
}

function put(control, value, word) {
  const offers = [...(control.options ?? [])].map((option) => option.value);
  if (control.options && !offers.includes(value)) control.append(new Option(word, value));
  control.value = value;
}

function hide(part, name, value, kind) {
  if (part.elements.namedItem(name)) return;
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  input.dataset[kind] = "";
  part.append(input);
}

// Asks the server for something besides saving: sent with the part, until it has been done.
export function ask(part, name, value) {
  part.querySelector("[data-ask]")?.remove();
  hide(part, editionOf(part).name.replace(/edition$/, name), value, "ask");
  stateOf(part).dirty = true;
  plan(part, 0);
}

export function isClean(part) {
  const { dirty, busy, stopped, wrong } = stateOf(part);
  return !(dirty || busy || stopped || wrong || "unsaved" in part.dataset);
}

// Saves a part at once, and waits until it is known how that went.
export async function settled(part) {
  const state = stateOf(part);
  if (state.busy) await state.going;
  clearTimeout(state.timer);
  state.timer = 0;
  save(part);
  await state.going;
}

function stop(form, state, name, body) {
  state.stopped = true;
  state.dirty = true;
  say(form, name, body);
}

function refuse(form, state, body) {
  state.wrong = true;
  say(form, "invalid", body);
}

function later(form, state, name, body) {
  state.dirty = true;
  say(form, name, body);
  plan(form, RETRY);
}

function save(form) {
  const state = stateOf(form);
  if (state.busy || state.stopped || !state.dirty || !form.isConnected) return;
  state.busy = true;
  state.dirty = state.wrong = false;
  say(form, "saving");
  state.going = finish(form, state);
}

async function finish(form, state) {
  try {
    settle(form, state, await send(form));
  } catch {
    later(form, state, "offline", {});
  } finally {
    state.busy = false;
  }
  if (state.dirty && !state.timer) plan(form, PAUSE);
}

function plan(form, wait) {
  const state = stateOf(form);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => {
    state.timer = 0;
    save(form);
  }, wait);
}

function touched(event) {
  const own = event.target.form ?? event.target.closest?.("form");
  const form = event.target.closest?.("fieldset[data-autosave]") ?? own;
  if (!form?.matches("[data-autosave]")) return;
  stateOf(form).dirty = true;
  plan(form, event.type === "change" ? 150 : PAUSE);
}

const forms = () => [...document.querySelectorAll("[data-autosave]")];
const waiting = () => forms().filter((form) => stateOf(form).dirty || stateOf(form).busy);

document.addEventListener("input", touched);
document.addEventListener("change", touched);
window.addEventListener("online", () => waiting().forEach(save));
document.addEventListener("visibilitychange", () => document.hidden && waiting().forEach(save));
// Sending the form itself is the better save; no warning then.
const partsOf = (form) => forms().filter((part) => part === form || form.contains(part));
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  for (const part of partsOf(event.target)) rest(part);
});
// But a save that is under way brings the edition the form must carry, or one would be told of one's own change.
// Heard on the way down, before anything else takes the form for sent.
document.addEventListener(
  "submit",
  (event) => {
    const { target, submitter } = event;
    const busy = partsOf(target).filter((part) => stateOf(part).busy);
    if (busy.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    if (target.dataset.waits) return;
    target.dataset.waits = "yes";
    partsOf(target).forEach(rest);
    Promise.all(busy.map((part) => stateOf(part).going)).then(() => {
      delete target.dataset.waits;
      target.requestSubmit(submitter);
    });
  },
  true,
);

function rest(part) {
  const state = stateOf(part);
  clearTimeout(state.timer);
  state.timer = 0;
  state.dirty = false;
}

window.addEventListener("beforeunload", (event) => waiting().length > 0 && event.preventDefault());
