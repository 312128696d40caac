// The line of the timeline: Ctrl-Enter sends it, a picture pasted into it or a file dropped on it goes along.
// Without this the form is filled and sent as any other.
const formOf = (event) => event.target.closest?.("form[data-timeline]");

document.addEventListener("keydown", (event) => {
  const form = formOf(event);
  if (!form || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-key=n]");
  const line = link && document.querySelector("form[data-timeline] [data-line]");
  if (!line) return;
  event.preventDefault();
  line.focus();
});

document.addEventListener("paste", (event) => {
  const form = formOf(event);
  const files = [...(event.clipboardData?.files ?? [])];
  if (!form || !files.length) return;
  event.preventDefault();
  take(form, files.map(named));
});

for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const form = formOf(event);
    if (!form || event.target.closest("[data-drop]") || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    form.classList.toggle("over", name === "dragover");
    if (name === "drop") take(form, [...event.dataTransfer.files]);
  });
}

// A pasted picture has no name of its own.
function named(file) {
  const at = new Date().toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  const ending = file.type.split("/")[1]?.replace("jpeg", "jpg").replace(/[^a-z0-9]/g, "") || "bin";
  return file.name && !/^image\.\w+$/.test(file.name) ? file : new File([file], `pasted-${at}.${ending}`, { type: file.type });
}

function take(form, files) {
  const input = form.querySelector("input[type=file]");
  const all = new DataTransfer();
  for (const file of [...input.files, ...files]) all.items.add(file);
  input.files = all.files;
  input.closest("details").open = true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}
