// j and k go to the next and previous item. Who does not want single keys switches them off; only that is remembered.
const OFF = "ayumi-keys-off";
const TYPING = "input, select, textarea, [contenteditable], [data-grid] *";

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
