// Menus and questions opened through <details> also close with Esc and by a touch beside them.
const OPEN = "details.menu[open], details.ask[open]";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const opened of document.querySelectorAll(OPEN)) {
    opened.open = false;
    opened.querySelector("summary").focus();
  }
});

document.addEventListener("click", (event) => {
  for (const opened of document.querySelectorAll(OPEN)) {
    if (!opened.contains(event.target)) opened.open = false;
  }
});
