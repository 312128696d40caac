// The chosen colours, in a cookie: the server draws the next page in them, so nothing flashes.
for (const button of document.querySelectorAll("[data-set-theme]")) {
  button.addEventListener("click", () => {
    const theme = button.dataset.setTheme;
    document.documentElement.dataset.theme = theme;
    const name = button.parentElement.dataset.cookie;
    const secure = window.location.protocol === "https:" ? "; secure" : "";
    document.cookie = `${name}=${theme}; path=/; max-age=31536000; samesite=lax${secure}`;
    for (const other of document.querySelectorAll("[data-set-theme]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
  });
}
