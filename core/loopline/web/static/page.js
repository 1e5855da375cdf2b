// What every page does besides: toasts that go away, failed requests, panels that close.
const toasts = document.getElementById("toasts");
const STAY = 8000;

const retire = (toast) => {
  let timer = setTimeout(() => toast.remove(), STAY);
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("focusin", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => { timer = setTimeout(() => toast.remove(), STAY / 2); });
};

const warn = (text) => {
  const toast = document.createElement("div");
  toast.className = "toast bad";
  toast.textContent = text;
  toasts?.replaceChildren(toast);
  retire(toast);
};

const words = (status) => (status === 401 ? toasts.dataset.signedOut : toasts.dataset.failed);

for (const toast of document.querySelectorAll("[data-toast]")) retire(toast);
document.querySelector("[data-focus]")?.focus();

document.addEventListener("htmx:response:error", (event) => {
  const status = event.detail.ctx.response.status;
  if (status !== 422 && status !== 409) warn(words(status));
});
document.addEventListener("htmx:error", (event) => {
  if (event.detail.error?.name === "TypeError") warn(toasts.dataset.offline);
});

// A bar of tabs that is wider than the page begins at the tab that is shown.
const reveal = () => document.querySelectorAll(".tabs").forEach((bar) => {
  const shown = [...bar.querySelectorAll("[aria-current]")].find((tab) => tab.offsetParent);
  if (shown && shown.offsetLeft + shown.offsetWidth > bar.clientWidth) bar.scrollLeft = shown.offsetLeft - bar.clientWidth / 3;
});
reveal();
document.addEventListener("htmx:after:swap", reveal);

// A panel of the toolbar closes when one clicks elsewhere or presses Escape.
const openDrops = () => document.querySelectorAll("details.drop[open]");
addEventListener("click", (event) => {
  for (const drop of openDrops()) if (event.target.isConnected && !drop.contains(event.target)) drop.open = false;
});
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const drop of openDrops()) {
    drop.open = false;
    drop.querySelector("summary").focus();
  }
});

// The bar of a list says how many rows are ticked; the box in the head ticks all of them.
const count = (whole) => {
  const boxes = [...document.querySelectorAll("input[form=bulk]")];
  const all = document.querySelector("[data-tick-all]");
  const picked = document.querySelector("[data-picked]");
  if (whole) for (const one of boxes) one.checked = all.checked;
  const ticked = boxes.filter((one) => one.checked).length;
  if (all) all.checked = ticked > 0 && ticked === boxes.length;
  if (all) all.indeterminate = ticked > 0 && ticked < boxes.length;
  if (picked) picked.textContent = picked.dataset.picked.replace("#", ticked);
};
addEventListener("change", ({ target }) => {
  if (target.matches("input[form=bulk],[data-tick-all]")) count("tickAll" in target.dataset);
});
addEventListener("pageshow", () => count(false));

// A click anywhere on a row follows the row's link, unless it meant something else there.
addEventListener("click", (event) => {
  const row = event.target.closest?.("[data-row]");
  if (!row || event.defaultPrevented || event.target.closest("a,button,input,select,label,summary") || String(getSelection())) return;
  const { ctrlKey, metaKey, shiftKey } = event;
  row.querySelector("a")?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey }));
});

// Where the browser cannot place a menu by its anchor, place it below its button.
if (!CSS.supports("position-area", "bottom")) {
  addEventListener("toggle", (event) => {
    const menu = event.target;
    if (event.newState !== "open" || !menu.classList.contains("menu")) return;
    const button = document.querySelector(`[popovertarget="${menu.id}"]`).getBoundingClientRect();
    const up = button.bottom + menu.offsetHeight > innerHeight;
    menu.style.top = `${up ? button.top - menu.offsetHeight - 8 : button.bottom}px`;
    menu.style.left = `${Math.max(8, Math.min(button.right - menu.offsetWidth, innerWidth - menu.offsetWidth - 8))}px`;
  }, true);
}

// What somebody folded away stays folded on this device.
for (const fold of document.querySelectorAll("details[data-fold]")) {
  const key = `fold:${fold.dataset.fold}`;
  try { if (localStorage.getItem(key)) fold.open = false; } catch { /* private mode */ }
  fold.addEventListener("toggle", () => {
    try { if (fold.open) localStorage.removeItem(key); else localStorage.setItem(key, "1"); } catch { /* private mode */ }
  });
}
