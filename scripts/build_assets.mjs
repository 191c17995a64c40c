// Builds what the browser gets: app/web/assets -> app/web/static, each file named by its content.
// `manifest.json` tells the built name of each; app/web/pages/assets.py reads it. Not in git.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const from = join(root, "app/web/assets");
const to = join(root, "app/web/static");
// Norwegian public bodies still see two-year-old browsers on managed machines.
const browsers = ["chrome120", "edge120", "firefox121", "safari17"];
const manifest = {};

function put(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const built = `${basename(name, extname(name))}-${hash}${extname(name)}`;
  writeFileSync(join(to, built), content);
  manifest[name] = built;
  return built;
}

// The design system draws its signs from data: addresses. Files of our own instead keep the
// Content-Security-Policy at img-src 'self'.
function withFilesForPictures(css) {
  const pictures = new Map();
  const data = /url\((?:"(data:image\/svg\+xml[^"]*)"|'(data:image\/svg\+xml[^']*)'|(data:image\/svg\+xml[^)]*))\)/g;
  const changed = css.replaceAll(data, (_, double, single, bare) => {
    const address = (double ?? single ?? bare).replaceAll("\\'", "'").replaceAll('\\"', '"');
    if (!pictures.has(address)) {
      const [head, body] = [address.slice(0, address.indexOf(",")), address.slice(address.indexOf(",") + 1)];
      const drawn = head.endsWith(";base64") ? Buffer.from(body, "base64") : decodeURIComponent(body);
      pictures.set(address, put(`sign${pictures.size + 1}.svg`, drawn));
    }
    return `url(${pictures.get(address)})`;
  });
  if (changed.includes("data:image")) throw new Error("a picture stayed a data: address in the CSS");
  return changed;
}

async function bundled(entry) {
  const done = await build({
    entryPoints: [join(from, entry)],
    bundle: true,
    minify: true,
    write: false,
    target: browsers,
    format: "iife",
    legalComments: "eof",
    logLevel: "warning",
  });
  return done.outputFiles[0].text;
}

rmSync(to, { recursive: true, force: true });
mkdirSync(to, { recursive: true });
for (const file of readdirSync(join(from, "images"))) put(file, readFileSync(join(from, "images", file)));
put("app.css", withFilesForPictures(await bundled("css/app.css")));
put("night.css", await bundled("css/night.css"));
put("app.js", await bundled("js/app.js"));
writeFileSync(join(to, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
