// What the checks look at in the page itself; the value of this file is the object of them.
({
  // How many pixels wider the page is than its window.
  overflow: () => document.documentElement.scrollWidth - document.documentElement.clientWidth,

  // Text that is there to be read, and wider or higher than the box that hides the rest. What is a
  // dot on the screen is hidden on purpose, such as the headings of a table that has become cards.
  cutOff: () =>
    [...document.querySelectorAll("body *")]
      .filter((each) => {
        const style = getComputedStyle(each);
        const hides = [style.overflowX, style.overflowY].some((how) => ["hidden", "clip"].includes(how));
        if (each.clientWidth <= 1 && each.clientHeight <= 1) return false;
        if (!hides || !each.innerText?.trim() || each.closest(".vakt-sr-only, .ds-skip-link")) return false;
        return each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1;
      })
      .map((each) => each.outerHTML.slice(0, 120)),

  // What is pressed and smaller than 24 x 24 CSS pixels, outside of a sentence (WCAG 2.5.8). A box is
  // pressed by its label too.
  smallTargets: () =>
    [...document.querySelectorAll("a, button, input:not([type=hidden]), select, summary")]
      .filter((each) => {
        const box = each.getBoundingClientRect();
        const isInText = getComputedStyle(each).display === "inline";
        if (["radio", "checkbox"].includes(each.type) && each.labels.length) return false;
        return box.width && !isInText && !each.closest(".ds-skip-link") && Math.min(box.width, box.height) < 24;
      })
      .map((each) => each.outerHTML.slice(0, 120)),

  // What the page says of itself.
  outline: () => ({
    lang: document.documentElement.lang,
    title: document.title,
    h1: [...document.querySelectorAll("h1")].map((each) => each.innerText),
    firstStop: document.querySelector("a, button, input, select, textarea, summary").getAttribute("href"),
    main: document.querySelectorAll("main").length,
    skips: [...document.querySelectorAll("h1, h2, h3, h4")]
      .map((each) => Number(each.tagName[1]))
      .filter((level, at, all) => at && level > all[at - 1] + 1).length,
    repeated: [...document.querySelectorAll("[id]")]
      .map((each) => each.id)
      .filter((id, at, all) => all.indexOf(id) !== at),
    styled: [...document.querySelectorAll("[style], style")].map((each) => each.outerHTML),
  }),

  // What fades in has another contrast meanwhile.
  awaitAnimations: () =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter((each) => Number.isFinite(each.effect.getComputedTiming().endTime))
        .map((each) => each.finished),
    ).then(() => {}),

  // Keeps from now on what has the focus as a key is pressed, which is where the one before has led:
  // whether it shows it, and whether it is in the window.
  watchFocus: () => {
    document.activeElement.blur();
    window.stops = [];
    document.addEventListener("keydown", () => {
      const each = document.activeElement;
      const style = getComputedStyle(each);
      const box = each.getBoundingClientRect();
      window.stops.push({
        html: each.outerHTML.slice(0, 200),
        place: [Math.round(box.left + scrollX), Math.round(box.top + scrollY)],
        isBody: each === document.body,
        isMarked:
          each.matches(":focus-visible") &&
          style.outlineStyle !== "none" &&
          Number.parseFloat(style.outlineWidth) >= 2,
        isInWindow: box.top < innerHeight && box.bottom > 0,
      });
    }, true);
  },

  // WCAG 1.4.12, word for word. A sheet of the test's own: the page's policy lets no other style in.
  spaceText: () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
      * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
      p { margin-bottom: 2em !important; }`);
    document.adoptedStyleSheets.push(sheet);
  },
});
