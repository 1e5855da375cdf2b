// Forms: nothing typed is lost, nothing is sent twice, fields that depend on others follow.
const KEEP = "draft:";
const guarded = document.querySelector("form[data-guard]");
const key = KEEP + location.pathname + location.search;
const secret = new Set(["csrf", "_base"]);
let dirty = false;

// A picker's choice is kept with its words, as the page drawn next does not offer it.
const words = (form, name, value) => {
  const control = form.elements[name];
  if (control instanceof HTMLSelectElement) return control.selectedOptions[0]?.label;
  return form.querySelector(`ll-links input[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`)?.closest("label")?.innerText.replace(/\s*×$/, "");
};
const entries = (form) => [...new FormData(form)]
  .filter(([name, value]) => !secret.has(name) && typeof value === "string")
  .map(([name, value]) => [name, value, words(form, name, value)]);
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

const restoreChips = (list, kept) => {
  for (const [name, value, label] of kept) {
    if (!value || [...list.querySelectorAll("input")].some((one) => one.value === value)) continue;
    const chip = document.createElement("label");
    const tick = document.createElement("input");
    chip.className = "chip";
    Object.assign(tick, { type: "checkbox", name, value, checked: true });
    chip.append(tick, label ?? value);
    list.querySelector(".checks").append(chip);
  }
};

// A draft comes back only where the session ended between typing and saving.
const restore = (form) => {
  const kept = sessionStorage.getItem(key);
  sessionStorage.removeItem(key);
  if (!kept || !document.referrer.includes("/login")) return;
  const values = Map.groupBy(JSON.parse(kept), ([name]) => name);
  for (const list of form.querySelectorAll("ll-links")) restoreChips(list, values.get(list.dataset.name) ?? []);
  for (const control of form.elements) {
    const given = values.get(control.name)?.map(([, value]) => value);
    if (!given || control.type === "hidden") continue;
    if (control.matches("ll-link select") && given[0]) control.add(new Option(values.get(control.name)[0][2] ?? given[0], given[0], true, true));
    if (control.type === "checkbox" || control.type === "radio") control.checked = given.includes(control.value);
    else control.value = given[0];
  }
  dirty = true;
};

if (guarded) guard(guarded);
else for (const old of Object.keys(sessionStorage).filter((one) => one.startsWith(KEEP))) sessionStorage.removeItem(old);

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
