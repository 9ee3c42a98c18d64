// Saves a form marked data-autosave="<address>" a moment after the last keystroke, and says in words how it stands.
// The server answers JSON: 200 {"time": "10:42", "edition": 7}, 409 {"url": "..."}, 422 {"errors": {...}}, 401.
// Forms of one thing (the days of a week) share data-autosave-group: they are sent one after the other, and each
// takes over the edition that the one before was given. A part of a form may save itself too: a <fieldset
// data-autosave>, whose controls share a prefix ("7.edition"); the answer may say texts for the page: {"show": {id: text}}.
// Nothing typed is ever put into the browser's storage: these are notes about people.
const PAUSE = 1200;
const RETRY = 8000;
const states = new WeakMap();
const queues = new Map();

function stateOf(form) {
  if (!states.has(form)) states.set(form, { timer: 0, busy: false, dirty: false, stopped: false });
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
  const response = await fetch(form.dataset.autosave, {
    method: "POST",
    body: dataOf(form),
    headers: { Accept: "application/json", "X-Requested-With": "autosave" },
    credentials: "same-origin",
    redirect: "manual",
    keepalive: document.hidden, // lets the last save outlive the page; limited to 64 kB by the browser
  });
  const isJson = response.headers.get("Content-Type")?.includes("json");
  return { status: response.type === "opaqueredirect" ? 401 : response.status, body: isJson ? await response.json() : {} };
}

function settle(form, state, { status, body }) {
  if (status < 300) return saved(form, state, body);
  if (status === 409) return stop(form, state, "conflict", body);
  if (body.errors) return say(form, "invalid", body);
  if (status === 400 || status === 401 || status === 403) return later(form, state, "expired", body);
  return later(form, state, "failed", body);
}

function siblings(form) {
  const group = form.dataset.autosaveGroup;
  return group ? forms().filter((other) => other.dataset.autosaveGroup === group) : [form];
}

function saved(form, state, body) {
  for (const each of body.edition === undefined ? [] : siblings(form)) {
    const edition = [...each.elements].find((element) => /(^|\.)edition$/.test(element.name));
    if (edition) edition.value = body.edition;
  }
  for (const [id, text] of Object.entries(body.show ?? {})) {
    const node = document.getElementById(id);
    if (node) node.textContent = text;
  }
  if (!state.dirty) say(form, "saved", body);
}

function stop(form, state, name, body) {
  state.stopped = true;
  state.dirty = true;
  say(form, name, body);
}

function later(form, state, name, body) {
  state.dirty = true;
  say(form, name, body);
  plan(form, RETRY);
}

function inTurn(form) {
  const group = form.dataset.autosaveGroup;
  if (!group) return send(form);
  const turn = (queues.get(group) ?? Promise.resolve()).then(() => send(form));
  // The next one waits until this answer has been taken in, or has failed.
  queues.set(group, turn.catch(() => {}).then(() => new Promise((done) => setTimeout(done))));
  return turn;
}

function save(form) {
  const state = stateOf(form);
  if (state.busy || state.stopped || !state.dirty || !form.isConnected) return;
  state.busy = true;
  state.dirty = false;
  say(form, "saving");
  state.going = finish(form, state);
}

async function finish(form, state) {
  try {
    settle(form, state, await inTurn(form));
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
