// Files of a form: a picture that is pasted or dropped goes into the same field. A large picture is
// made smaller here, because the server takes two megabytes. Without this the field works as it is.
const LARGEST = 1.8 * 1024 * 1024; // bytes
const WIDEST = 2200; // dots
const PICTURES = ["image/png", "image/jpeg", "image/webp"];

export function takePictures() {
  document.querySelectorAll("[data-files]").forEach((part) => new FileField(part).start());
}

class FileField {
  constructor(part) {
    this.part = part;
    this.input = part.querySelector("input[type=file]");
  }

  start() {
    this.part.querySelector("[data-files-script]").hidden = false;
    this.input.addEventListener("change", () => this.#put([...this.input.files]));
    document.addEventListener("paste", (event) => this.#add(event, event.clipboardData));
    this.part.addEventListener("dragover", (event) => event.preventDefault());
    this.part.addEventListener("drop", (event) => this.#add(event, event.dataTransfer));
  }

  #add(event, transfer) {
    const files = [...(transfer?.files ?? [])];
    if (!files.length) return; // words are pasted as always
    event.preventDefault();
    this.#put([...this.input.files, ...files]);
  }

  async #put(files) {
    const chosen = new DataTransfer();
    for (const file of files) chosen.items.add(await smaller(file));
    this.input.files = chosen.files;
    const told = this.part.querySelector("[data-files-chosen]");
    const size = [...chosen.files].reduce((sum, file) => sum + file.size, 0);
    const names = [...chosen.files].map((file) => file.name).join(", ");
    told.textContent = size > LARGEST ? told.dataset.tooLarge : names;
    if (size > LARGEST) this.input.value = ""; // the server would take none of the form
  }
}

async function smaller(file) {
  if (file.size <= LARGEST || !PICTURES.includes(file.type)) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, WIDEST / Math.max(picture.width, picture.height));
    const canvas = new OffscreenCanvas(picture.width * scale, picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const drawn = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
    return new File([drawn], file.name.replace(/\.[^.]*$/, ".jpg"), { type: "image/jpeg" });
  } catch {
    return file; // the server says what is wrong with it
  }
}
