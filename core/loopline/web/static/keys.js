// Single keys: / search, N new, E edit, J K walk, G then a letter, ? the list of keys.
const typing = (target) => target.closest?.("input:not([type=checkbox],[type=radio]),select,textarea,[contenteditable]");
const rows = () => [...document.querySelectorAll("main [data-row]")];
let going = -Infinity;

const follow = (selector) => {
  const found = document.querySelector(selector);
  found?.click();
  return Boolean(found);
};

const walk = (step) => {
  const all = rows();
  if (!all.length) return follow(`[data-key=${step > 0 ? "j" : "k"}]`);
  const at = all.indexOf(document.activeElement?.closest("[data-row]"));
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
  const link = all[next].querySelector("a");
  link?.focus();
  all[next].scrollIntoView({ block: "nearest" });
  return true;
};

const search = () => {
  const box = document.querySelector("[data-key-search]");
  box?.focus();
  box?.select();
  return Boolean(box);
};

const acts = {
  "/": search,
  n: () => follow("[data-key=n]"),
  e: () => follow("[data-key=e]"),
  j: () => walk(1),
  k: () => walk(-1),
  g: () => { going = performance.now(); return true; },
  "?": () => { document.getElementById("keys")?.showModal(); return true; },
};

addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    document.querySelector("form[data-guard] [data-submit]")?.click();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const second = performance.now() - going < 1200;
  going = -Infinity;
  const done = second && /^[a-z]$/.test(key) ? follow(`[data-go="${key}"]`) : acts[key]?.();
  if (done) event.preventDefault();
});

addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-open]");
  if (!opener) return;
  opener.closest("[popover]")?.hidePopover();
  document.getElementById(opener.dataset.open)?.showModal();
});
