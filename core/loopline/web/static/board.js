// Stages: cards are dragged, lifted with keys or sent by a menu; the server decides every move.
const parse = (text) => new DOMParser().parseFromString(text, "text/html");
const PARTIAL = { "HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "dialog#ask" };
let board = null;
let lifted = null;
let chosen = null;

const tell = (text) => {
  const place = document.getElementById("board-told");
  if (place) place.textContent = text;
};
const listOf = (code) => board.querySelector(`[data-column="${CSS.escape(code)}"] > ul`);
const codeOf = (card) => card.closest("[data-column]").dataset.column;

// Where a card lies now, as what puts it back there.
const placeOf = (card) => {
  const { parentElement: list, nextElementSibling: next } = card;
  return () => list.insertBefore(card, next?.parentElement === list ? next : list.querySelector(".more"));
};

const refuse = (card, back, text) => {
  back();
  card.removeAttribute("aria-busy");
  card.querySelector(".err")?.remove();
  const note = document.createElement("p");
  note.className = "err";
  note.role = "alert";
  note.textContent = text;
  card.append(note);
};

const settle = (card, page) => {
  if (!board) return location.reload();
  for (const head of page.querySelectorAll("[data-head]")) document.getElementById(head.id)?.replaceWith(head);
  const drawn = page.querySelector("[data-card]");
  const focused = card.contains(document.activeElement) || document.activeElement === document.body;
  if (drawn) card.replaceWith(drawn);
  else card.remove();
  if (focused) drawn?.focus({ preventScroll: true });
  tell(page.querySelector("#moved")?.dataset.told ?? "");
};

const ask = (dialog, card, back) => {
  document.getElementById("ask")?.remove();
  dialog.removeAttribute("open");
  document.body.append(dialog);
  let moved = false;
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (moved) return;
    back();
    card.removeAttribute("aria-busy");
    tell(board?.dataset.back ?? "");
    card.focus();
  });
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-cancel]")) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const done = await send(form.action, new FormData(form), card, back, dialog);
    if (!done) return;
    moved = true;
    dialog.close();
  });
  dialog.showModal();
  dialog.querySelector(".body :is(input,select,textarea):not([type=hidden])")?.focus();
};

// Answers whether the move is settled, one way or the other; a dialog that is open stays if not.
const send = async (url, data, card, back, open) => {
  const failed = (board ?? card).dataset.failed;
  let answer, page;
  try {
    answer = await fetch(url, { method: "POST", body: data, headers: PARTIAL });
    page = parse(await answer.text());
  } catch {
    refuse(card, back, failed);
    return true;
  }
  const dialog = page.querySelector("#ask");
  if (answer.ok) settle(card, page);
  else if (!dialog || "refused" in dialog.dataset) {
    const words = [...page.querySelectorAll("#ask [data-told]")].map((one) => one.textContent);
    refuse(card, back, words.join(" ") || failed);
  } else if (open) {
    open.replaceChildren(...dialog.children);
    return false;
  } else ask(dialog, card, back);
  return true;
};

const move = (card, to, back) => {
  const data = new FormData(document.getElementById("board-state"));
  const { csrf, field, action } = board.dataset;
  for (const [name, value] of Object.entries({ csrf, field, to, _base: card.dataset.version })) data.set(name, value);
  card.querySelector(".err")?.remove();
  card.setAttribute("aria-busy", "true");
  return send(`${action}/${card.dataset.card}/stage`, data, card, back);
};

// --- by mouse and finger
const draggable = (list) => {
  let back;
  const fixed = "fixed" in list.parentElement.dataset;
  return new Sortable(list, {
    group: { name: "cards", put: !fixed },
    draggable: ".kcard",
    animation: 110,
    forceFallback: true,
    fallbackTolerance: 4,
    fallbackOnBody: true,
    fallbackClass: "drag",
    ghostClass: "ghost",
    delay: 180,
    delayOnTouchOnly: true,
    scrollSensitivity: 60,
    filter: "[data-move],.err",
    preventOnFilter: false,
    onStart: ({ item }) => { back = placeOf(item); },
    onEnd: ({ item, from, to }) => { if (from !== to) move(item, codeOf(item), back); },
  });
};

// --- by keys: Space lifts and drops, arrows move, Escape returns
const lift = (card) => {
  lifted = { card, back: placeOf(card), from: codeOf(card) };
  card.classList.add("drag");
  tell(board.dataset.lifted);
};
const drop = () => {
  const { card, back, from } = lifted;
  lifted = null;
  card.classList.remove("drag");
  if (codeOf(card) === from) tell(board.dataset.dropped);
  else move(card, codeOf(card), back);
};
const returned = () => {
  const { card, back } = lifted;
  lifted = null;
  card.classList.remove("drag");
  back();
  card.focus();
  tell(board.dataset.back);
};
const STEPS = { ArrowLeft: -1, ArrowRight: 1 };
const beside = (card, step) => {
  const columns = [...board.querySelectorAll("[data-column]")];
  const at = columns.indexOf(card.closest("[data-column]"));
  return columns[at + step];
};
const carry = (card, key) => {
  if (key in STEPS) {
    const column = beside(card, STEPS[key]);
    if (!column || "fixed" in column.dataset) return;
    column.querySelector("ul").prepend(card);
    tell(column.dataset.label);
  } else {
    const other = key === "ArrowUp" ? card.previousElementSibling : card.nextElementSibling;
    if (!other?.matches(".kcard")) return;
    if (key === "ArrowUp") other.before(card);
    else other.after(card);
  }
  card.focus();
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
};
const walk = (card, key) => {
  const down = key === "ArrowUp" ? card.previousElementSibling : card.nextElementSibling;
  const other = key in STEPS ? beside(card, STEPS[key])?.querySelector(".kcard") : down;
  if (other?.matches(".kcard")) other.focus();
};

addEventListener("keydown", (event) => {
  const card = event.target;
  if (!board || !card.matches?.(".kcard") || event.ctrlKey || event.metaKey || event.altKey) return;
  const movable = "movable" in board.dataset && !card.hasAttribute("aria-busy");
  if (event.key === " " && movable) lifted ? drop() : lift(card);
  else if (event.key === "Escape" && lifted) returned();
  else if (event.key === "Enter" && !lifted) card.querySelector("h3 a").click();
  else if (event.key.startsWith("Arrow")) (lifted ? carry : walk)(card, event.key);
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);

// --- by the menu of a card
const offer = (card, button) => {
  const menu = document.getElementById("stages");
  chosen = card;
  for (const one of menu.querySelectorAll("[data-to]")) one.hidden = one.dataset.to === codeOf(card);
  menu.showPopover();
  const { bottom, top, right } = button.getBoundingClientRect();
  const below = bottom + menu.offsetHeight < innerHeight;
  const left = Math.max(8, Math.min(right - menu.offsetWidth, innerWidth - menu.offsetWidth - 8));
  Object.assign(menu.style, { inset: "auto", position: "fixed", left: `${left}px`, top: `${below ? bottom + 4 : Math.max(8, top - menu.offsetHeight - 4)}px` });
  menu.querySelector("[data-to]:not([hidden])")?.focus();
};

addEventListener("click", (event) => {
  const { target } = event;
  if (!board) return;
  const button = target.closest("[data-move]");
  const to = target.closest("#stages [data-to]");
  const fold = target.closest("[data-unfold]");
  if (button) {
    event.preventDefault();
    offer(button.closest("[data-card]"), button);
  } else if (to) {
    document.getElementById("stages").hidePopover();
    const back = placeOf(chosen);
    listOf(to.dataset.to).prepend(chosen);
    move(chosen, to.dataset.to, back);
  } else if (fold) {
    fold.closest("section").classList.remove("folded");
    fold.closest("section").querySelector("[data-more]")?.click();
    fold.remove();
  }
});

// --- the way on of one record, on its page
addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-stage-form]")) return;
  event.preventDefault();
  const place = form.closest("[data-failed]");
  const data = new FormData(form, event.submitter);
  event.submitter?.setAttribute("aria-busy", "true");
  const back = () => event.submitter?.removeAttribute("aria-busy");
  send(form.action, data, place, back);
});

const begin = () => {
  const found = document.getElementById("board");
  if (found === board) return;
  board = found;
  lifted = null;
  if (!board || !("movable" in board.dataset)) return;
  for (const list of board.querySelectorAll("[data-column] > ul")) draggable(list);
};
begin();
document.addEventListener("htmx:after:swap", begin);
