// Parts that are asked for anew while the page is open: an element with data-live, its address. What
// the server has not changed it answers with 304, and nothing is touched. Hidden tabs ask nothing.
// data-live-every: milliseconds between two questions, where that is seldom enough. data-live-stays: the
// page is never loaded anew, because somebody may be typing on it. data-live-unless: while this is
// found in the part, it is left as it is.
import htmx from "htmx.org";

const SHORTEST = 3000; // milliseconds between an answer and the next question
const LONGEST = 60000;
const SLOWER = 20; // a server that takes long is asked less often: so many times as long as it took

export function keepLive() {
  document.querySelectorAll("[data-live]").forEach((part) => new Live(part.id).start());
}

class Live {
  #id;
  #timer = 0;
  #failures = 0;
  #isAsking = false;

  constructor(id) {
    this.#id = id;
  }

  start() {
    document.addEventListener("visibilitychange", () => {
      clearTimeout(this.#timer);
      if (!document.hidden) this.#ask();
    });
    this.#wait(this.#every);
  }

  // The element may be another one after a swap; its id stays.
  get #part() {
    return document.getElementById(this.#id);
  }

  get #every() {
    return Number(this.#part?.dataset.liveEvery) || SHORTEST;
  }

  #wait(pause) {
    clearTimeout(this.#timer);
    if (document.hidden) return;
    this.#timer = setTimeout(() => this.#ask(), pause * (1 + Math.random() / 5));
  }

  async #ask() {
    const part = this.#part;
    if (!part || this.#isAsking) return;
    if (part.dataset.liveUnless && part.querySelector(part.dataset.liveUnless)) {
      this.#wait(this.#every);
      return;
    }
    this.#isAsking = true;
    const began = performance.now();
    try {
      const answer = await fetch(part.dataset.live, {
        headers: { "If-None-Match": part.dataset.etag, "HX-Request": "true", "Vakt-By-Itself": "true" },
        cache: "no-store",
        redirect: "manual",
      });
      if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) {
        // Nobody is logged in any more: the page says what to do, now or when it is next used.
        if (part.dataset.liveStays === undefined) location.reload();
        return;
      }
      if (answer.status !== 304 && !answer.ok) throw new Error(String(answer.status));
      if (answer.ok) await this.#show(await answer.text());
      this.#tell(true);
      this.#failures = 0;
    } catch {
      this.#failures += 1;
      this.#tell(false);
    } finally {
      this.#isAsking = false;
    }
    const took = SLOWER * (performance.now() - began);
    this.#wait(Math.min(Math.max(this.#every * 2 ** this.#failures, took), LONGEST));
  }

  // What somebody has opened stays open, and what they have in focus in focus.
  async #show(text) {
    const told = this.#part.dataset.told;
    const open = [...this.#part.querySelectorAll("details[open][id]")].map(({ id }) => id);
    await htmx.swap({ text, target: `#${this.#id}`, swap: "outerMorph", sourceElement: this.#part });
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    const news = document.querySelector("[data-live-news]");
    if (news && this.#part.dataset.told !== told) news.textContent = this.#part.dataset.told;
  }

  #tell(isFresh) {
    const checked = document.querySelector("[data-live-checked]");
    const stale = document.querySelector("[data-live-stale]");
    if (isFresh && checked) checked.textContent = checked.dataset.liveChecked.replace("{clock}", clock());
    const words = isFresh ? "" : stale?.dataset.liveStale;
    if (stale && stale.textContent !== words) stale.textContent = words; // read out once
  }
}

function clock() {
  const told = new Date().toLocaleTimeString("nb", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  return document.documentElement.lang === "en" ? told : told.replaceAll(":", ".");
}
