// Forms that a device fills in by a passkey (WebAuthn): it makes one or signs by one, and the form is
// sent with the answer. They are hidden where no script can ask; a code of an app is the way there.
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

const written = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

function named(keys) {
  return keys?.map((key) => ({ ...key, id: bytes(key.id) }));
}

async function answer(how, question) {
  const asked = {
    ...question,
    challenge: bytes(question.challenge),
    ...(question.user && { user: { ...question.user, id: bytes(question.user.id) } }),
    ...(question.excludeCredentials && { excludeCredentials: named(question.excludeCredentials) }),
    ...(question.allowCredentials && { allowCredentials: named(question.allowCredentials) }),
  };
  const made = await navigator.credentials[how]({ publicKey: asked });
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const given = parts.filter((part) => made.response[part]);
  return {
    id: made.id,
    rawId: written(made.rawId),
    type: made.type,
    response: Object.fromEntries(given.map((part) => [part, written(made.response[part])])),
    clientExtensionResults: {},
  };
}

async function fill(part, form, problem) {
  problem.hidden = true;
  try {
    const found = await answer(part.dataset.passkey, JSON.parse(part.dataset.question));
    form.elements.credential.value = JSON.stringify(found);
    form.submit();
  } catch {
    problem.hidden = false; // cancelled, too slow, or the device has no such key
  }
}

export function askForPasskeys() {
  if (!window.PublicKeyCredential) return;
  for (const missing of document.querySelectorAll("[data-passkey-missing]")) missing.hidden = true;
  for (const part of document.querySelectorAll("[data-passkey]")) {
    const form = part.querySelector("form");
    const problem = part.querySelector("[data-passkey-problem]");
    part.hidden = false;
    form.addEventListener("submit", (event) => {
      // Without a name the server says so, before a device has made a key in vain.
      if (form.elements.name && !form.elements.name.value.trim()) return;
      event.preventDefault();
      fill(part, form, problem);
    });
  }
}
