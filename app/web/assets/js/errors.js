// A form that comes back with errors is read from its summary, also by those who do not see it.
export function focusErrors() {
  const show = () => document.querySelector("[data-error-summary]")?.focus();
  show();
  document.addEventListener("htmx:after:swap", show);
}
