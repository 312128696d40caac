// Passkeys: a form with an empty input[data-passkey] asks the browser for one as it is sent, and carries the answer. What to ask comes
// from the address there; data-passkey-make makes one, and a code typed into the field data-passkey-beside goes as it is.
const HELD = "input[type=hidden][data-passkey]";

const UNKNOWN = "This browser knows no passkeys.";
const WORDS = {
  NotAllowedError: "No passkey was given. Try again, or use another way.",
  InvalidStateError: "There is a passkey of yours already.",
  SecurityError: "Passkeys do not work at this address.",
};
const FAULT = "The passkey could not be asked for. Try again, or use another way.";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// Challenges and names of keys travel as text; the browser wants bytes.
function opened(asked) {
  const name = (one) => ({ ...one, id: bytes(one.id) });
  const options = { ...asked, challenge: bytes(asked.challenge) };
  if (asked.user) options.user = name(asked.user);
  if (asked.allowCredentials) options.allowCredentials = asked.allowCredentials.map(name);
  if (asked.excludeCredentials) options.excludeCredentials = asked.excludeCredentials.map(name);
  return options;
}

function written(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const held = Object.fromEntries(parts.filter((part) => response[part]).map((part) => [part, text(response[part])]));
  if (response.getTransports) held.transports = response.getTransports();
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response: held });
}

class Refused extends Error {}

async function ask(address) {
  const headers = { ...JSON.parse(document.body.getAttribute("hx-headers") ?? "{}"), Accept: "application/json" };
  const answer = await fetch(address, { method: "POST", headers });
  const found = await answer.json();
  if (!answer.ok) throw new Refused(found.sentence);
  return opened(found);
}

async function answered(input) {
  if (!window.PublicKeyCredential) throw new Refused(UNKNOWN);
  const publicKey = await ask(input.dataset.passkey);
  const way = "passkeyMake" in input.dataset ? "create" : "get";
  return written(await navigator.credentials[way]({ publicKey }));
}

function say(input, words) {
  const form = input.form;
  const box = form.querySelector("[data-passkey-words]") ?? document.createElement("p");
  box.className = "error";
  box.dataset.passkeyWords = "";
  box.setAttribute("role", "alert");
  box.textContent = words;
  form.append(box);
}

async function show(input, submitter) {
  const form = input.form;
  form.dataset.passkeyAsked = "";
  try {
    input.value = await answered(input);
    form.querySelector("[data-passkey-words]")?.remove();
  } catch (error) {
    say(input, error instanceof Refused ? error.message : (WORDS[error.name] ?? FAULT));
    return;
  } finally {
    delete form.dataset.passkeyAsked;
  }
  form.requestSubmit(submitter);
  input.value = ""; // it serves once
}

// In the capture phase: before htmx and the browser send the form.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const input = form.querySelector(HELD);
    if (!input || input.value || form.elements.namedItem(input.dataset.passkeyBeside)?.value.trim()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!("passkeyAsked" in form.dataset)) show(input, event.submitter);
  },
  true,
);
