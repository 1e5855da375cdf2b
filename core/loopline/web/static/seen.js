// A page for visitors may ask to be told that a person looks at it: <... data-seen="/address">.
const asked = document.querySelector("[data-seen]");
if (asked) fetch(asked.dataset.seen, { method: "POST", keepalive: true });
