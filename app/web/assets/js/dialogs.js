// A link with data-opens="ID" opens that dialog instead of going to its address, which shows the same
// as a page of its own. Escape and the close button close it; the browser gives the focus back.
export function openDialogs() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-opens]");
    const dialog = link && document.getElementById(link.dataset.opens);
    if (!dialog || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    dialog.showModal();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-command=close]");
    button?.closest("dialog")?.close();
  });
}
