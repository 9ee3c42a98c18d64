// A second click does not send a form twice. The buttons come back when the page is shown again.
const SENT = "is-sent";

function buttonsOf(form) {
  return [...form.elements].filter((element) => element.type === "submit");
}

function hold(form, pressed) {
  form.dataset.sent = "yes";
  pressed?.classList.add(SENT);
  // Only after the browser has collected the form: a disabled button would not be sent.
  setTimeout(() => buttonsOf(form).forEach((button) => button.setAttribute("aria-disabled", "true")));
}

export function release(form) {
  delete form.dataset.sent;
  for (const button of buttonsOf(form)) {
    button.removeAttribute("aria-disabled");
    button.classList.remove(SENT);
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-once]")) return;
  if (form.dataset.sent) event.preventDefault();
  else if (!event.defaultPrevented) hold(form, event.submitter);
});

const releaseAll = () => document.querySelectorAll("form[data-sent]").forEach(release);
window.addEventListener("pageshow", releaseAll);
document.addEventListener("htmx:after:request", releaseAll);
