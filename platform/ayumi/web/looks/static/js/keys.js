// j and k, or a swipe, go to the next and previous item. Who does not want single keys switches them off; only that is remembered.
const OFF = "ayumi-keys-off";
const TYPING = "input, select, textarea, [contenteditable], [data-grid] *";

const SCROLLS = `${TYPING}, .table-scroll, .grid-scroll, .tabs`;
const FAR = 110;
const STEADY = 40;

const isOff = () => localStorage.getItem(OFF) === "yes";

function follow(rel) {
  document.querySelector(`[data-keys] a[rel=${rel}]`)?.click();
}

for (const label of document.querySelectorAll("[data-keys-switch]")) {
  const box = label.querySelector("input");
  label.hidden = false;
  box.checked = !isOff();
  box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "yes")));
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isOff() || event.target.closest?.(TYPING)) return;
  if (event.key === "j") follow("next");
  if (event.key === "k") follow("prev");
});

// A swipe counts only when it is long, level, made with one finger, and begun where nothing scrolls or is written.
let began = null;

document.addEventListener(
  "touchstart",
  (event) => {
    const [finger] = event.touches;
    const alone = event.touches.length === 1 && !event.target.closest?.(SCROLLS);
    began = alone ? { x: finger.clientX, y: finger.clientY } : null;
  },
  { passive: true },
);

document.addEventListener("touchend", (event) => {
  const [finger] = event.changedTouches;
  if (!began || String(getSelection()) !== "") return;
  const across = finger.clientX - began.x;
  const level = Math.abs(finger.clientY - began.y) < STEADY;
  if (level && Math.abs(across) > FAR) follow(across < 0 ? "next" : "prev");
});
