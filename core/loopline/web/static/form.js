// Forms: nothing typed is lost, nothing is sent twice, fields that depend on others follow.
const KEEP = "draft:";
const guarded = document.querySelector("form[data-guard]");
const key = KEEP + location.pathname + location.search;
const secret = new Set(["csrf", "_base"]);
let dirty = false;

const entries = (form) => [...new FormData(form)].filter(([name, value]) => !secret.has(name) && typeof value === "string");
const snapshot = (form) => JSON.stringify(entries(form));

const guard = (form) => {
  const start = snapshot(form);
  const failed = Boolean(form.querySelector("#problems,#conflict"));
  dirty = failed;
  form.addEventListener("input", () => {
    dirty = failed || snapshot(form) !== start;
    try { sessionStorage.setItem(key, snapshot(form)); } catch { /* full or forbidden: the page still warns */ }
  });
  form.addEventListener("submit", (event) => {
    dirty = false;
    const button = event.submitter;
    if (button) requestAnimationFrame(() => button.setAttribute("aria-busy", "true"));
  });
  if (!failed) restore(form);
};

// A draft comes back only where the session ended between typing and saving.
const restore = (form) => {
  const kept = sessionStorage.getItem(key);
  sessionStorage.removeItem(key);
  if (!kept || !document.referrer.includes("/login")) return;
  const values = Map.groupBy(JSON.parse(kept), ([name]) => name);
  for (const control of form.elements) {
    const given = values.get(control.name)?.map(([, value]) => value);
    if (!given || control.type === "hidden") continue;
    if (control.type === "checkbox" || control.type === "radio") control.checked = given.includes(control.value);
    else control.value = given[0];
  }
  dirty = true;
};

if (guarded) guard(guarded);

addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("form[data-guard] [aria-busy]")) button.removeAttribute("aria-busy");
});
document.addEventListener("change", (event) => {
  if (!event.target.matches?.("[data-refresh]")) return;
  document.getElementById("fields")?.dispatchEvent(new Event("refresh"));
});
