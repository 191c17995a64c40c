// Tells colleagues that somebody writes on a ticket: a box with data-writing, the address that is
// told, and data-what. However much is typed, it is told every fifteen seconds at most.
const EVERY = 15000; // milliseconds; the server forgets it after three times as long

export function tellOfWriting() {
  document.querySelectorAll("[data-writing]").forEach((box) => {
    let told = -EVERY;
    box.addEventListener("input", ({ target }) => {
      if (target.tagName !== "TEXTAREA" || performance.now() - told < EVERY) return;
      told = performance.now();
      const token = target.form.elements.csrf_token.value;
      const body = new URLSearchParams({ csrf_token: token, what: box.dataset.what });
      fetch(box.dataset.writing, { method: "POST", body, redirect: "manual" }).catch(() => {});
    });
  });
}
