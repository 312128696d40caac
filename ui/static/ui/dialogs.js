// Forms in a dialog (data-dialog on a link), and questions before an act (data-confirm).
const dialog = document.getElementById("dialog");
const body = document.getElementById("dialog-body");
const confirmation = document.getElementById("confirm");

async function openForm(link) {
  await window.htmx.ajax("GET", link.href, { target: "#dialog-body", swap: "innerHTML" });
  if (!body.childElementCount) return;
  if (!dialog.open) dialog.showModal();
  next()?.focus();
}

// The first field; where nothing but a note may be left, the answer itself: what was asked by one key is confirmed by Enter.
function next() {
  const fields = [...body.querySelectorAll("input:not([type=hidden]), select, textarea")];
  const answer = fields.every((field) => field.matches("textarea:not([required])")) && body.querySelector("button.primary");
  return body.querySelector("[autofocus]") ?? (answer || (fields[0] ?? body.querySelector("button")));
}

let agreed = null;

function ask(element) {
  const agree = confirmation.querySelector("[data-agree]");
  document.getElementById("confirm-words").textContent = element.dataset.confirm;
  agree.textContent = element.dataset.confirmLabel ?? "Continue";
  agree.className = `button ${element.classList.contains("danger") ? "danger" : "primary"}`;
  agree.onclick = () => {
    confirmation.close();
    agreed = element;
    element.click();
  };
  confirmation.showModal();
}

// In the capture phase: before htmx and the browser act on the click.
document.addEventListener(
  "click",
  (event) => {
    const asks = event.target.closest("[data-confirm]");
    if (asks) {
      if (agreed === asks) {
        agreed = null;
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      ask(asks);
      return;
    }
    const link = event.target.closest("a[data-dialog]");
    if (link && window.htmx && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault();
      openForm(link);
      return;
    }
    if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
    if (event.target.matches("dialog")) event.target.close(); // the backdrop
  },
  true,
);

// Ctrl-Enter sends the form of the dialog, also from a field of several lines.
dialog?.addEventListener("keydown", (event) => {
  const form = event.target.form;
  if (!form || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button.primary, button.danger"));
});

dialog?.addEventListener("close", () => body.replaceChildren());
