// A passkey is made or used by the browser; its answer is put into the form, and the form is sent as any other.
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const letters = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const known = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

async function made(options) {
  const credential = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: known(options.excludeCredentials),
    },
  });
  return {
    attestationObject: letters(credential.response.attestationObject),
    transports: credential.response.getTransports?.() ?? [],
    ...shared(credential),
  };
}

async function used(options) {
  const credential = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: known(options.allowCredentials),
    },
  });
  const { authenticatorData, signature, userHandle } = credential.response;
  return {
    authenticatorData: letters(authenticatorData),
    signature: letters(signature),
    userHandle: userHandle ? letters(userHandle) : null,
    ...shared(credential),
  };
}

const shared = (credential) => ({ credential, clientDataJSON: letters(credential.response.clientDataJSON) });

function asJson({ credential, ...response }) {
  const { id, type } = credential;
  return JSON.stringify({ id, rawId: letters(credential.rawId), type, response, clientExtensionResults: {} });
}

async function ask(form) {
  const answer = await fetch(form.dataset.options, {
    method: "POST",
    body: new FormData(form),
    headers: { "X-Requested-With": "fetch" },
  });
  if (!answer.ok) throw new Error(`options: ${answer.status}`);
  const options = await answer.json();
  return asJson(form.dataset.passkey === "create" ? await made(options) : await used(options));
}

async function send(form) {
  const said = form.querySelector("[data-passkey-said]");
  said.hidden = true;
  try {
    form.elements.answer.value = await ask(form);
    form.submit();
  } catch {
    said.textContent = said.dataset.failed;
    said.hidden = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (window.PublicKeyCredential) form.hidden = false;
  else form.parentElement.querySelector("[data-passkey-none]").hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}
