// The whole row leads to its link, but its text can still be marked, and other links keep their own way.
const INSIDE = "a, button, input, select, textarea, label, summary";

function wake() {
  document.querySelectorAll(".row-link:not(.is-live)").forEach((anchor) => anchor.classList.add("is-live"));
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.target.closest(INSIDE)) return;
  const anchor = event.target.closest("tr")?.querySelector(".row-link");
  if (!anchor || String(getSelection()) !== "") return;
  if (event.ctrlKey || event.metaKey) window.open(anchor.href, "_blank", "noopener");
  else anchor.click();
});

wake();
document.addEventListener("htmx:after:swap", wake);
