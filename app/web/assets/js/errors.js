// A form that comes back with errors is read from its summary, also by those who do not see it. A part
// that is fetched anew by itself takes the focus from nobody.
export function focusErrors() {
  const show = () => document.querySelector("[data-error-summary]")?.focus();
  show();
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail?.ctx?.request?.method !== "GET") show();
  });
}
