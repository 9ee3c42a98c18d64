// When a part of the page was exchanged, what it says in data-announce is told to screen readers.
document.addEventListener("htmx:after:swap", (event) => {
  const place = document.getElementById("announce");
  const said = event.target.closest?.("[data-announce]") ?? event.target.querySelector?.("[data-announce]");
  if (place && said) place.textContent = said.dataset.announce;
});
