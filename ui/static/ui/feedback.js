// What the page says back: dismissed messages, failed requests, copied text, where the focus goes.
const messages = () => document.getElementById("messages");

function say(words, level = "error") {
  const box = document.createElement("div");
  box.className = `message ${level}`;
  const sentence = document.createElement("p");
  sentence.textContent = words;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button quiet small";
  close.dataset.dismiss = "";
  close.textContent = "Dismiss";
  box.append(sentence, close);
  messages()?.append(box);
  box.scrollIntoView({ block: "nearest" });
}

const WORDS = {
  0: "The server could not be reached. Nothing was lost; please try again.",
  403: "Your role here does not allow this, or this page is too old. Reload it and try again.",
  404: "This is no longer there. Reload the page.",
  413: "This is larger than the server accepts.",
  429: "Too many requests in a short time. Please wait a moment.",
};

document.addEventListener("htmx:responseError", (event) => {
  say(WORDS[event.detail.xhr.status] ?? "The server ran into a fault. Nothing was changed; please try again.");
});
document.addEventListener("htmx:sendError", () => say(WORDS[0]));

// A whole page where a part was expected: the session has ended, or the act leads elsewhere.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  if (xhr.status >= 400 || !/^\s*<!doctype/i.test(xhr.responseText)) return;
  event.detail.shouldSwap = false;
  if (requestConfig.verb === "get") window.location.reload();
  else window.location.assign(xhr.responseURL);
});

// What a page asks by itself, at intervals or as it loads, has no event behind it: it does not count as somebody's use.
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.detail.triggeringEvent) event.detail.headers["X-Unattended"] = "1";
});

// Addresses without empty parameters.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") return;
  for (const [name, value] of [...event.detail.formData.entries()]) {
    if (value === "") event.detail.formData.delete(name);
  }
});

// After an answer the focus is on what it is about; of a form that was refused on the first field that is wrong.
const WRONG = ".invalid :is(input:not([type=hidden]), select, textarea)";
document.addEventListener("htmx:afterSettle", (event) => {
  const find = (selector) => event.target.querySelector?.(selector);
  (find("[data-focus]") ?? find(WRONG))?.focus();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if ("dismiss" in button.dataset) button.closest(".message")?.remove();
  if ("copy" in button.dataset) {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.classList.add("copied");
    say("Copied.", "success");
    setTimeout(() => messages()?.querySelector(".message.success:last-child")?.remove(), 2000);
  }
});
