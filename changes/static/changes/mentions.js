// Behind an @ the people of the organization are offered. Without this one writes the first part of the address.
for (const box of document.querySelectorAll("[data-names]:has(textarea)")) offer(box);

function offer(box) {
  const area = box.querySelector("textarea");
  const people = [...box.querySelectorAll("[data-handle]")].map((one) => ({ handle: one.dataset.handle, name: one.textContent }));
  const list = document.createElement("ul");
  list.className = "names-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "People");
  list.hidden = true;
  box.append(list);
  let at = 0;

  const word = () => area.value.slice(0, area.selectionStart).match(/(?:^|[^\w@.])@([\w.+'-]*)$/)?.[1];
  const options = () => [...list.querySelectorAll("button")];

  function choose(handle) {
    const typed = word() ?? "";
    const end = area.selectionStart;
    area.setRangeText(`${handle} `, end - typed.length, end, "end");
    list.hidden = true;
    area.focus();
  }

  function show() {
    const typed = word()?.toLowerCase();
    const found = typed === undefined ? [] : people.filter((one) => one.handle.startsWith(typed) || one.name.toLowerCase().includes(typed)).slice(0, 6);
    list.replaceChildren(...found.map((one) => {
      const line = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.tabIndex = -1;
      button.setAttribute("role", "option");
      button.textContent = `${one.name} · @${one.handle}`;
      button.addEventListener("mousedown", (event) => event.preventDefault());
      button.addEventListener("click", () => choose(one.handle));
      line.setAttribute("role", "presentation");
      line.append(button);
      return line;
    }));
    list.hidden = !found.length;
    move(0);
  }

  function move(to) {
    const all = options();
    at = all.length ? (to + all.length) % all.length : 0;
    all.forEach((one, index) => one.setAttribute("aria-selected", String(index === at)));
  }

  area.addEventListener("input", show);
  area.addEventListener("blur", () => { list.hidden = true; });
  area.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(at + (event.key === "ArrowDown" ? 1 : -1));
    else if (event.key === "Enter" || event.key === "Tab") options()[at].click();
    else if (event.key === "Escape") list.hidden = true;
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
