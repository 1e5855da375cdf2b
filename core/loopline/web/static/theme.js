// Runs in the head, before anything is painted: theme and density as chosen on this device.
(() => {
  const root = document.documentElement;
  const read = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const write = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private mode */ } };

  const paint = () => {
    const theme = read("theme");
    const density = read("density");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme; else delete root.dataset.theme;
    if (density === "compact" || density === "comfortable") root.dataset.density = density; else delete root.dataset.density;
  };
  const mark = () => {
    const chosen = { theme: root.dataset.theme ?? "auto", density: root.dataset.density ?? "normal" };
    for (const button of document.querySelectorAll("[data-set-theme]")) button.ariaPressed = String(button.dataset.setTheme === chosen.theme);
    for (const button of document.querySelectorAll("[data-set-density]")) button.ariaPressed = String(button.dataset.setDensity === chosen.density);
  };
  const choose = (key, value) => { write(key, value); paint(); mark(); };
  const isDark = () => (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

  root.dataset.js = "";
  paint();
  addEventListener("DOMContentLoaded", mark);
  addEventListener("storage", () => { paint(); mark(); });
  addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-theme-toggle],[data-set-theme],[data-set-density]");
    if (!button) return;
    if (button.dataset.setDensity) choose("density", button.dataset.setDensity);
    else choose("theme", button.dataset.setTheme ?? (isDark() ? "light" : "dark"));
  });
})();
